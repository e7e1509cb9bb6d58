"""The container's own command, with a real server and a real database."""

import json
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from queue import Queue
from typing import Any, Self

import httpx2
import pytest
from auth_client.testing import LocalIssuer
from sqlalchemy import create_engine, text

from src.settings import Settings

from .conftest import MakeDatabase, make_settings, start


class Server:
    """The running entrypoint, and the lines that it has written. Ends with its `with` block."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._output: list[str] = []
        self.process = start(
            settings, "./entrypoint.sh", "--host", "127.0.0.1", "--port", str(port)
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.wait()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            self._output.extend(output)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All of them are JSON, those of alembic and uvicorn too."""
        return [json.loads(line) for line in self._output]

    def wait_for(self, message: str) -> None:
        deadline = time.monotonic() + 180
        while not any(re.search(message, line["message"]) for line in self.lines):
            assert time.monotonic() < deadline, f"{message!r} never came: {self.lines}"
            assert self.process.poll() is None, self.lines
            time.sleep(0.02)

    def wait(self) -> int:
        status = self.process.wait(timeout=180)
        self._reader.join()
        return status


@pytest.fixture
def settings(issuer: LocalIssuer, make_database: MakeDatabase) -> Settings:
    return make_settings(issuer, make_database())


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with Server(settings) as running:
        running.wait_for("Uvicorn running")
        yield running


def test_it_migrates_serves_and_logs_json(server: Server, alice: dict[str, str]) -> None:
    headers = {**alice, "X-Request-Id": "from-the-gateway"}
    response = httpx2.get(f"{server.url}/api/apps", headers=headers)

    assert response.json() == {
        "items": [],
        "engine": "unreachable",
        "admin": False,
        "broken_manifests": [],
    }
    assert response.headers["X-Request-Id"] == "from-the-gateway"
    assert "Server" not in response.headers
    server.wait_for("GET /api/apps 200")
    assert any("Running upgrade" in line["message"] for line in server.lines)
    (line,) = [line for line in server.lines if line["logger"] == "src.access"]
    assert line["request_id"] == "from-the-gateway"
    assert "uvicorn.access" not in {line["logger"] for line in server.lines}


def test_at_sigterm_it_finishes_what_it_began(
    server: Server, settings: Settings, alice: dict[str, str]
) -> None:
    answers: Queue[httpx2.Response] = Queue()
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        # As long as this is held, the request below waits in the database.
        connection.execute(text("LOCK TABLE app_marks IN ACCESS EXCLUSIVE MODE"))
        request = threading.Thread(
            target=lambda: answers.put(
                httpx2.get(f"{server.url}/api/apps", headers=alice, timeout=30)
            )
        )
        request.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with engine.connect() as other:
            while other.scalar(waiting) == 0:
                time.sleep(0.02)
        server.process.send_signal(signal.SIGTERM)
        server.wait_for("Shutting down")
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{server.url}/api/health/live")
        connection.rollback()
    engine.dispose()

    status = server.wait()
    request.join()
    assert answers.get_nowait().status_code == 200
    # Uvicorn ends by the signal that it was sent, when it isn't the container's first process.
    assert status in {0, -signal.SIGTERM}
    assert server.lines[-1]["message"].startswith("Finished server process")


def test_without_its_settings_it_does_not_start(settings: Settings) -> None:
    with Server(settings.model_copy(update={"oidc_issuer": ""})) as server:
        assert server.wait() not in {0, -signal.SIGKILL}
