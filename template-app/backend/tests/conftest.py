import os
import socket
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import make_url

from src.main import create_app
from src.settings import Settings

DATABASE_URL = "TEST_DATABASE_URL"


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody can begin to while the test runs."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
def settings_without_database(closed_port: int) -> Settings:
    return Settings(
        app_name="Orders & <returns>",
        database_host="127.0.0.1",
        database_port=closed_port,
        database_name="orders",
        database_user="orders",
        database_password=SecretStr("p@ss/word:with?marks"),
    )


@pytest.fixture
def client_without_database(settings_without_database: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings_without_database)) as client:
        yield client


@pytest.fixture
def settings_with_database() -> Settings:
    """An empty database that the tests may fill, named by the environment."""
    if DATABASE_URL not in os.environ:
        pytest.skip(f"{DATABASE_URL} names no database, as in postgresql://user:pw@host/name")
    url = make_url(os.environ[DATABASE_URL])
    return Settings(
        app_name="Orders",
        database_host=url.host or "127.0.0.1",
        database_port=url.port or 5432,
        database_name=url.database or "",
        database_user=url.username or "",
        database_password=SecretStr(url.password or ""),
    )
