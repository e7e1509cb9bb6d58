"""A database that is ill costs 503 within seconds, and never the API."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from auth_client.testing import LocalIssuer
from fastapi.testclient import TestClient
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from src.db import make_engine
from src.main import create_app
from src.settings import Settings

from .conftest import BACKEND, alembic, make_settings

PATH = "/api/notes"


@pytest.fixture(scope="module")
def own_server() -> Iterator[URL]:
    """A PostgreSQL server of this module's own, which it may stop."""
    script = next(
        (one for folder in BACKEND.parents if (one := folder / "scripts/with-postgres").exists()),
        None,
    )
    if script is None or "TEST_DATABASE_URL" not in os.environ:
        pytest.skip("scripts/with-postgres starts no PostgreSQL server here")
    process = subprocess.Popen(  # noqa: S603 - our own script
        [script, "sh", "-c", 'echo "$TEST_DATABASE_URL"; read -r _ || true'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    with process.stdin, process.stdout:
        url = make_url(process.stdout.readline().strip())
        yield url.set(drivername="postgresql+psycopg")
    assert process.wait(timeout=60) == 0


@pytest.fixture
def settings(issuer: LocalIssuer, own_server: URL) -> Settings:
    quick = {"database_statement_timeout": 1, "database_connect_timeout": 2}
    settings = make_settings(issuer, own_server).model_copy(update=quick)
    alembic(settings, "upgrade", "head")
    return settings


@contextmanager
def stopped(server: URL) -> Iterator[None]:
    """Stops the server's processes, as `docker pause` does, and lets them go on afterwards."""
    engine = create_engine(server)
    with engine.connect() as connection:
        folder = connection.scalar(text("SHOW data_directory"))
        pids = [*connection.scalars(text("SELECT pid FROM pg_stat_activity"))]
    engine.dispose()
    first = (Path(str(folder)) / "postmaster.pid").read_text().splitlines()[0]
    stopped: list[int] = []
    try:
        # The first one before the others, so that it starts no more of them.
        for pid in [int(first), *pids]:
            try:
                os.kill(pid, signal.SIGSTOP)
            except ProcessLookupError:
                continue  # That of the connection above.
            stopped.append(pid)
        yield
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)


def test_a_paused_database_is_503_within_seconds_and_the_rest_goes_on(
    settings: Settings, own_server: URL, alice: dict[str, str]
) -> None:
    with TestClient(create_app(settings)) as client:

        def get(path: str) -> tuple[int, float]:
            began = time.monotonic()
            return client.get(path, headers=alice).status_code, time.monotonic() - began

        with ThreadPoolExecutor(80) as pool:
            # So many that the pool has connections, all of which are lost then.
            assert {status for status, _ in pool.map(get, [PATH] * 20)} == {200}
            with stopped(own_server):
                asked = [pool.submit(get, PATH) for _ in range(60)]
                live = [get("/api/health/live") for _ in range(20)]
                assert get("/api/me")[0] == 200, "what needs no database has its turn"
                answers = [one.result() for one in asked]
                assert get("/api/health/ready")[0] == 503
        assert {status for status, _ in answers} == {503}
        assert max(seconds for _, seconds in answers) < 20
        assert {status for status, _ in live} == {200}
        assert max(seconds for _, seconds in live) < 3
        assert get(PATH)[0] == 200, "and it is well again by itself"


def test_a_statement_that_takes_too_long_is_ended(settings: Settings) -> None:
    engine = make_engine(settings)
    with engine.connect() as connection, pytest.raises(OperationalError, match="timeout"):
        connection.execute(text("SELECT pg_sleep(30)"))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "1s"
    engine.dispose()


def test_a_server_that_says_nothing_is_not_waited_for(issuer: LocalIssuer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nowhere = URL.create("postgresql", "a", "b", "127.0.0.1", silent.getsockname()[1], "c")
        settings = make_settings(issuer, nowhere)
        engine = make_engine(settings.model_copy(update={"database_connect_timeout": 2}))
        began = time.monotonic()
        with pytest.raises(OperationalError):
            engine.connect()
        assert time.monotonic() - began < 10
