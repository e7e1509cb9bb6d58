import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from auth_client.testing import LocalIssuer, local_issuer
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import URL, create_engine, make_url, text

from src.main import create_app
from src.settings import Settings

BACKEND = Path(__file__).resolve().parent.parent
SERVER = "TEST_DATABASE_URL"
GROUP = "testers"


def make_settings(issuer: LocalIssuer, database: URL) -> Settings:
    return Settings(
        app_name="Orders & <returns>",
        app_slug="orders",
        oidc_issuer=issuer.issuer,
        oidc_client_id="app",
        auth_groups=(GROUP, "admins"),
        portal_url="http://portal.localhost",
        max_body_bytes=1024 * 1024,
        database_host=database.host or "127.0.0.1",
        database_port=database.port or 5432,
        database_name=database.database or "",
        database_user=database.username or "",
        database_password=SecretStr(database.password or ""),
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that docker-compose.yml sets."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "APP_NAME": settings.app_name,
        "APP_SLUG": settings.app_slug,
        "OIDC_ISSUER": settings.oidc_issuer,
        "OIDC_CLIENT_ID": settings.oidc_client_id,
        "OIDC_INTERNAL_ORIGIN": settings.oidc_internal_origin,
        "OIDC_ALGORITHMS": ",".join(settings.oidc_algorithms),
        "AUTH_GROUPS": ", ".join(settings.auth_groups),
        "SIGN_IN": settings.sign_in,
        "PORTAL_URL": settings.portal_url,
        "MAX_BODY_BYTES": str(settings.max_body_bytes),
        "DATABASE_HOST": settings.database_host,
        "DATABASE_PORT": str(settings.database_port),
        "DATABASE_NAME": settings.database_name,
        "DATABASE_USER": settings.database_user,
        "DATABASE_PASSWORD": settings.database_password.get_secret_value(),
        "DATABASE_CONNECT_TIMEOUT": str(settings.database_connect_timeout),
        "DATABASE_STATEMENT_TIMEOUT": str(settings.database_statement_timeout),
    }


def start(settings: Settings, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=BACKEND,
        env=environment_of(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def alembic(settings: Settings, *arguments: str) -> str:
    process = start(settings, "alembic", *arguments)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    return output


@pytest.fixture(scope="session")
def issuer() -> Iterator[LocalIssuer]:
    """Issues the tests' tokens, as a real issuer does; its client is called `app`."""
    with local_issuer() as running:
        yield running


# ---- without a database


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port without a listener, which no process can open while the test runs."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
def settings_without_database(issuer: LocalIssuer, closed_port: int) -> Settings:
    nowhere = URL.create(
        "postgresql",
        username="orders",
        password="p@ss/word:with?marks",  # noqa: S106 - opens nothing
        host="127.0.0.1",
        port=closed_port,
        database="orders",
    )
    return make_settings(issuer, nowhere)


@pytest.fixture
def client_without_database(settings_without_database: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings_without_database)) as client:
        yield client


# ---- with a database of the tests' own, on the server that TEST_DATABASE_URL names


@pytest.fixture(scope="session")
def postgres() -> URL:
    """A PostgreSQL server on which databases may be made; scripts/with-postgres starts one."""
    if SERVER not in os.environ:
        pytest.skip(f"{SERVER} names no PostgreSQL server, as in postgresql://user:pw@host/name")
    return make_url(os.environ[SERVER]).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def make_database(postgres: URL) -> Iterator["MakeDatabase"]:
    maker = MakeDatabase(postgres)
    yield maker
    maker.drop_all()


class MakeDatabase:
    """Makes empty databases, and drops them at the end; no other one is touched."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._engine = create_engine(server, isolation_level="AUTOCOMMIT")
        self._names: list[str] = []

    def __call__(self) -> URL:
        name = f"test_{uuid4().hex}"
        with self._engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        self._names.append(name)
        return self._server.set(database=name)

    def drop_all(self) -> None:
        with self._engine.connect() as connection:
            for name in self._names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        self._engine.dispose()


@pytest.fixture(scope="session")
def migrated(issuer: LocalIssuer, make_database: MakeDatabase) -> Settings:
    """Settings of a database that the migrations made."""
    settings = make_settings(issuer, make_database())
    alembic(settings, "upgrade", "head")
    return settings


@pytest.fixture
def client(migrated: Settings) -> Iterator[TestClient]:
    """The app with an empty database."""
    engine = create_engine(migrated.database_url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE notes"))
    engine.dispose()
    with TestClient(create_app(migrated)) as client:
        yield client


@pytest.fixture
def alice(issuer: LocalIssuer) -> dict[str, str]:
    return headers_of(issuer, "alice")


@pytest.fixture
def bob(issuer: LocalIssuer) -> dict[str, str]:
    return headers_of(issuer, "bob")


def headers_of(issuer: LocalIssuer, sub: str, *groups: str) -> dict[str, str]:
    """The headers of a request by a signed-in user."""
    token = issuer.token(
        sub=sub,
        name=sub.title(),
        email=f"{sub}@example.com",
        groups=list(groups) or [GROUP],
    )
    return {"Authorization": f"Bearer {token}"}
