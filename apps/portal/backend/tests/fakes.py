"""A repository in a temporary folder, and an engine whose answers a test sets."""

import json
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from uuid import NAMESPACE_DNS, uuid5

import yaml

PLACES = {
    "product": "apps/products",
    "internal": "apps",
    "client": "clients",
    "platform": "services",
}


class Repository:
    """Apps are written as `scalr new-app` would place them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._register("# the apps that run together")

    def add(
        self,
        slug: str,
        *,
        kind: str = "internal",
        groups: list[str] | None = None,
        registered: bool = True,
        hidden: bool = False,
        **keys: Any,  # noqa: ANN401 - any key of a manifest
    ) -> Path:
        """Its groups are `SLUG-users` unless others are given. Returns the manifest's file."""
        manifest: dict[str, Any] = {
            "schema_version": 1,
            "id": str(uuid5(NAMESPACE_DNS, slug)),
            "slug": slug,
            "name": slug.replace("-", " ").title(),
            "description": f"What {slug} is for.",
            "kind": kind,
            "created": "2026-11-22",
            "ports": {"frontend": 13000, "backend": 18000},
            "auth": {"groups": [f"{slug}-users"] if groups is None else groups},
        }
        manifest.update(keys)
        if hidden:
            manifest["x-portal"] = {"hidden": True}
        path = f"{PLACES[kind]}/{slug}"
        if registered:
            self._register(path)
        wanted = {key: value for key, value in manifest.items() if value is not None}
        return self.write(f"{path}/app.manifest.yml", yaml.safe_dump(wanted, allow_unicode=True))

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def _register(self, line: str) -> None:
        with (self.root / "registered-apps.txt").open("a") as registry:
            registry.write(f"{line}\n")


def container(
    project: str,
    service: str = "backend",
    state: str = "running",
    status: str = "Up 5 minutes (healthy)",
    *,
    routed: bool = True,
    folder: str = "",
    **more: Any,  # noqa: ANN401 - any key of the engine's answer
) -> dict[str, Any]:
    """A container of a Compose project, as the engine lists it."""
    labels = {
        "com.docker.compose.project": project,
        "com.docker.compose.service": service,
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.project.working_dir": folder,
    }
    if routed:
        labels["traefik.enable"] = "true"
    return {
        "Id": f"{project}-{service}",
        "Labels": labels,
        "State": state,
        "Status": status,
        "Mounts": [],
        **more,
    }


def itself(repository: Path, source: str) -> dict[str, Any]:
    """The container that the tests would run in, if they ran in one."""
    mounts = [{"Type": "bind", "Source": source, "Destination": str(repository)}]
    return container("portal", Id=socket.gethostname() + "0" * 20, Mounts=mounts)


class HttpServer(ABC):
    """Answers on loopback for as long as its `with` block runs."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append((self.path, dict(self.headers.items())))
                status, body = server.answer(self.path)
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @abstractmethod
    def answer(self, path: str) -> tuple[int, Any]:
        """The status and the body, which is JSON unless it is bytes."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class FakeEngine(HttpServer):
    def __init__(self) -> None:
        super().__init__()
        self.containers: Any = []
        self.status = 200

    def answer(self, path: str) -> tuple[int, Any]:
        assert path.startswith("/containers/json?all=1&filters=")
        return self.status, self.containers


class FakeAuthentik(HttpServer):
    """Pages of applications, for requests with the token `token`."""

    def __init__(self, slugs: list[str], page_size: int = 2) -> None:
        super().__init__()
        self.pages = [slugs[at : at + page_size] for at in range(0, len(slugs), page_size)] or [[]]
        self.override: Callable[[], tuple[int, Any]] | None = None

    def answer(self, path: str) -> tuple[int, Any]:
        if self.override is not None:
            return self.override()
        assert path.startswith("/api/v3/core/applications/?page=")
        if self.requests[-1][1].get("Authorization") != "Bearer token":
            return 403, {"detail": "Token invalid/expired"}
        page = int(path.partition("page=")[2].partition("&")[0])
        return 200, {
            "pagination": {"next": page + 1 if page < len(self.pages) else 0, "current": page},
            "results": [{"slug": slug, "name": slug} for slug in self.pages[page - 1]],
        }
