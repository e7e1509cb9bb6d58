"""Errors that no route makes."""

from collections.abc import Iterator

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


def test_a_large_body_is_refused_before_anyone_is_asked_who_they_are(
    settings_without_database: Settings,
) -> None:
    settings = settings_without_database.model_copy(update={"max_body_bytes": 10})
    with TestClient(create_app(settings)) as client:
        # Without a length, which is how it comes when the sender doesn't know it.
        for body in (b" " * 11, iter([b" " * 6, b" " * 5])):
            response = client.post("/api/notes", content=body)

            assert response.status_code == 413
            assert response.headers["Content-Type"] == "application/problem+json"
            assert response.json()["detail"] == "a body may have 10 bytes at most"
        for body in (b" " * 10, iter([b" " * 6, b" " * 4])):
            assert client.post("/api/notes", content=body).status_code == 401


def test_a_body_that_says_to_be_large_is_not_waited_for(
    client_without_database: TestClient,
) -> None:
    def never_ending() -> Iterator[bytes]:
        pytest.fail("the body was read")
        yield b""

    response = client_without_database.post(
        "/api/notes", content=never_ending(), headers={"Content-Length": str(1024**4)}
    )

    assert response.status_code == 413


def test_answers_are_kept_by_no_cache(client_without_database: TestClient) -> None:
    for path in ("/api/config", "/api/me", "/api/nothing"):
        assert client_without_database.get(path).headers["Cache-Control"] == "no-store"
