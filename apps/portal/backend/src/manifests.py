"""The apps of the repository, from their manifests.

The repository is mounted read-only. It is looked at anew at most every few seconds, and a manifest
is read again only when its file has changed. No notification of the file system is waited for:
those of a change on the host don't come through the mounts of every engine.
"""

import logging
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

MANIFEST: Final = "app.manifest.yml"
REGISTRY: Final = "registered-apps.txt"
PLACES: Final = ("apps", "apps/products", "clients", "services")
"""The folders whose subfolders are apps: internal, product, client, platform."""
TEMPLATE: Final = "template-app"
MAX_BYTES: Final = 64 * 1024
MAX_VALUES: Final = 5_000
MAX_DEPTH: Final = 64
"""As deep as scalr reads. libyaml itself knows no limit: it ends the process instead."""
MAX_REASONS: Final = 5

Kind = Literal["product", "client", "internal", "platform"]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]

logger: Final = logging.getLogger(__name__)


class _Part(BaseModel):
    # `scalr validate` reports unknown keys; the portal accepts newer manifests.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Ports(_Part):
    frontend: int | None = None
    backend: int | None = None
    db: int | None = None


class Auth(_Part):
    groups: tuple[str, ...] = ()


class Routes(_Part):
    host: str | None = None


class Link(_Part):
    title: str
    url: str


class PortalKeys(_Part):
    """`x-portal`, which is the portal's own part of a manifest."""

    hidden: bool = False


class Manifest(_Part):
    """The keys of a manifest (schemas/app-manifest.schema.json) that the portal shows."""

    id: UUID
    slug: Slug
    name: str = Field(min_length=1)
    description: str
    kind: Kind
    created: date
    owner: str | None = None
    icon: str | None = None
    tags: tuple[str, ...] = ()
    ports: Ports = Ports()
    auth: Auth | None = None
    routes: Routes = Routes()
    depends_on: tuple[str, ...] = ()
    events_publish: tuple[str, ...] = ()
    events_subscribe: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    portal: PortalKeys = Field(default=PortalKeys(), alias="x-portal")

    @property
    def groups(self) -> tuple[str, ...]:
        """A person needs one of these; without any, everyone who signed in may use the app."""
        return self.auth.groups if self.auth else ()

    @property
    def has_page(self) -> bool:
        """Whether the app has a page."""
        return self.ports.frontend is not None or self.routes.host is not None

    @property
    def host(self) -> str:
        return self.routes.host or f"{self.slug}.localhost"


@dataclass(frozen=True, slots=True)
class ListedApp:
    """A manifest and its folder."""

    manifest: Manifest
    path: str
    """The app's folder, relative to the repository."""
    registered: bool
    """Whether `scalr up` starts it without being told its name."""


@dataclass(frozen=True, slots=True)
class ManifestProblem:
    """A manifest that can't be used, for an admin."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The repository at the last read."""

    apps: tuple[ListedApp, ...] = ()
    problems: tuple[ManifestProblem, ...] = ()


@dataclass(slots=True)
class _Known:
    """The content of a file when it could last be read."""

    stamp: tuple[int, int, int]
    manifest: Manifest | None = None
    problem: str | None = None


@dataclass(slots=True)
class Manifests:
    """Reads the repository. Not safe for threads: a caller of `read` has to hold a lock."""

    repository: Path
    _known: dict[str, _Known] = field(default_factory=dict)

    def read(self) -> Listing:
        known: dict[str, _Known] = {}
        for folder in self._folders():
            path = f"{folder}/{MANIFEST}"
            stamp = self._stamp(path)
            if stamp is None:
                continue
            before = self._known.get(path)
            if before is not None and before.stamp == stamp:
                known[path] = before
            else:
                known[path] = self._load(path, stamp, before)
        self._known = known
        return self._list(known)

    def _list(self, known: Mapping[str, _Known]) -> Listing:
        registered = self._registered()
        apps: dict[str, ListedApp] = {}
        problems: list[ManifestProblem] = []
        for path, one in known.items():
            if one.problem is not None:
                problems.append(ManifestProblem(path, one.problem))
            if one.manifest is None:
                continue
            slug, folder = one.manifest.slug, path.removesuffix(f"/{MANIFEST}")
            if slug in apps:
                problems.append(ManifestProblem(path, f"{apps[slug].path} has the slug {slug} too"))
            else:
                apps[slug] = ListedApp(one.manifest, folder, folder in registered)
        return Listing(tuple(apps.values()), tuple(problems))

    def _folders(self) -> Iterator[str]:
        found = [TEMPLATE]
        for place in PLACES:
            try:
                with os.scandir(self.repository / place) as entries:
                    found += [f"{place}/{entry.name}" for entry in entries if entry.is_dir()]
            except OSError:
                continue  # No app of this kind yet.
        yield from sorted(found)

    def _stamp(self, path: str) -> tuple[int, int, int] | None:
        try:
            found = (self.repository / path).stat()
        except OSError:
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _load(self, path: str, stamp: tuple[int, int, int], before: _Known | None) -> _Known:
        try:
            return _Known(stamp, Manifest.model_validate(_parse(self.repository / path)))
        except (OSError, ValueError, yaml.YAMLError) as error:
            problem = _reason(error)
            logger.warning("a manifest can't be used: %s: %s", path, problem)
            # During an edit it may be invalid YAML: the app keeps its last state.
            return _Known(stamp, before.manifest if before else None, problem)

    def _registered(self) -> frozenset[str]:
        try:
            text = (self.repository / REGISTRY).read_text("utf-8", errors="replace")
        except OSError:
            return frozenset()
        lines = (line.partition("#")[0].strip() for line in text.splitlines())
        return frozenset(line.strip("/") for line in lines if line)


def _parse(file: Path) -> Any:  # noqa: ANN401 - any YAML
    with file.open("rb") as opened:
        text = opened.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES} bytes")
    _measure(text)
    # A base loader leaves every scalar a text, which the model then reads as what it has to be.
    # Others take `name: No` for a boolean, as YAML 1.1 did and scalr doesn't.
    return yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and maps, nothing else


def _measure(text: bytes) -> None:
    """Raises ValueError for what is too deep or too much to be loaded.

    Loading holds up every other thread until it is done; this lets them run after each event.
    """
    values = depth = 0
    for event in yaml.parse(text, yaml.CBaseLoader):
        if isinstance(event, yaml.NodeEvent):
            values += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
        if values > MAX_VALUES:
            raise ValueError(f"it has more than {MAX_VALUES} values")


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        parts = error.errors(include_input=False, include_url=False)
        reasons = [
            f"{'.'.join(map(str, part['loc'])) or 'the manifest'}: {part['msg']}"
            for part in parts[:MAX_REASONS]
        ]
        if len(parts) > MAX_REASONS:
            reasons.append(f"and {len(parts) - MAX_REASONS} more")
        return "; ".join(reasons)
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
