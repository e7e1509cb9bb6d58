"""The running containers, from the engine, through a proxy that allows only this request."""

import json
import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from src.fetch import FetchError, fetch_json

PROJECT: Final = "com.docker.compose.project"
WORKING_DIR: Final = "com.docker.compose.project.working_dir"
SERVICE: Final = "com.docker.compose.service"
ONEOFF: Final = "com.docker.compose.oneoff"
ROUTED: Final = "traefik.enable"

TIMEOUT: Final = 2.0
QUESTION: Final = "/containers/json?" + urlencode(
    {"all": "1", "filters": json.dumps({"label": [PROJECT]}, separators=(",", ":"))}
)

logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a Compose project."""

    project: str
    working_dir: str
    service: str
    state: str
    """`created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`."""
    status: str
    """The engine's text, such as `Up 5 minutes (healthy)` or `Exited (1) 2 hours ago`."""
    routed: bool
    """Whether the gateway sends people here."""


@dataclass(frozen=True, slots=True)
class Containers:
    """Every container of a Compose project, running or not."""

    all: tuple[Container, ...]
    repository: str | None
    """The host's path of the mounted repository; None if it is unknown."""

    def of(self, path: str, name: str) -> list[Container]:
        """Those of the app in a folder of the repository; its project is called `name`, by default.

        The folder decides where it is known: another clone may have a project of the same name, and
        a project may have been started under another one (`docker compose -p`).
        """
        if self.repository is not None:
            folder = f"{self.repository}/{path}"
            if found := [one for one in self.all if one.working_dir == folder]:
                return found
        return [one for one in self.all if one.project == name]


class Engine:
    """Asks the engine. An empty address means that there is no engine."""

    def __init__(self, url: str, repository: str) -> None:
        self._url = url
        self._repository = repository
        self._was_reachable = True

    def containers(self) -> Containers | None:
        """None if the engine can't be asked; the reason is logged once, until it answers again."""
        if not self._url:
            return None
        try:
            answer = fetch_json(self._url, QUESTION, headers={}, timeout=TIMEOUT)
            found = self._read(answer)
        except (FetchError, ValueError) as error:
            if self._was_reachable:
                logger.warning("the engine can't be asked: %s", error)
            self._was_reachable = False
            return None
        self._was_reachable = True
        return found

    def _read(self, answer: Any) -> Containers:  # noqa: ANN401 - any JSON
        if not isinstance(answer, list) or not all(isinstance(entry, dict) for entry in answer):
            raise ValueError("its answer is no list of containers")
        containers = [_container(entry) for entry in answer if not _is_oneoff(entry)]
        return Containers(tuple(containers), self._host_folder(answer))

    def _host_folder(self, answer: list[dict[str, Any]]) -> str | None:
        """This very container is among them, with the mount of the repository."""
        own = socket.gethostname()
        for entry in answer:
            if own and str(entry.get("Id", "")).startswith(own):
                for mount in entry.get("Mounts") or []:
                    if mount.get("Destination") == self._repository:
                        return str(mount.get("Source")).rstrip("/")
        return None


def _labels(entry: Mapping[str, Any]) -> Mapping[str, str]:
    labels = entry.get("Labels") or {}
    if not isinstance(labels, dict):
        raise ValueError("its answer has a container without labels")
    return labels


def _is_oneoff(entry: Mapping[str, Any]) -> bool:
    """Whether it is from `docker compose run`, and so not part of the app."""
    return _labels(entry).get(ONEOFF) == "True"


def _container(entry: Mapping[str, Any]) -> Container:
    labels = _labels(entry)
    return Container(
        project=labels.get(PROJECT, ""),
        working_dir=labels.get(WORKING_DIR, ""),
        service=labels.get(SERVICE, ""),
        state=str(entry.get("State", "")),
        status=str(entry.get("Status", "")),
        routed=labels.get(ROUTED) == "true",
    )
