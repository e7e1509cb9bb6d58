"""Errors that no route makes."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from src.main import create_app
from src.settings import Settings


@pytest.fixture
def app(settings_without_database: Settings) -> FastAPI:
    return create_app(settings_without_database)


def test_an_unknown_path(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/nothing")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Not Found"


def test_a_wrong_method_says_which_ones_there_are(client_without_database: TestClient) -> None:
    response = client_without_database.put("/api/health/live")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET"
    assert response.json()["status"] == 405


def test_a_failure_tells_its_id_and_nothing_else(app: FastAPI) -> None:
    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("the password is hunter2")

    with TestClient(app) as client:
        response = client.get("/api/broken", headers={"X-Request-Id": "abc"})

    assert response.status_code == 500
    assert response.headers["X-Request-Id"] == "abc"
    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "the log says more, under the id abc",
    }


def test_a_large_body_is_refused_by_whatever_route_reads_it(app: FastAPI) -> None:
    @app.post("/api/reads")
    def reads(body: dict[str, str]) -> dict[str, str]:
        return body

    with TestClient(app) as client:
        assert client.post("/api/reads", json={"a": "b"}).status_code == 200
        response = client.post("/api/reads", content=b" " * (1024 * 1024 + 1))

    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"


def test_answers_are_kept_by_no_cache(client_without_database: TestClient) -> None:
    for path in ("/api/config", "/api/me", "/api/nothing"):
        assert client_without_database.get(path).headers["Cache-Control"] == "no-store"
