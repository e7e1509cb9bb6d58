import pytest
from auth_client.testing import LocalIssuer
from fastapi.testclient import TestClient

from .conftest import headers_of


def test_me_is_what_the_token_says(
    issuer: LocalIssuer, client_without_database: TestClient
) -> None:
    headers = headers_of(issuer, "alice", "testers", "a", "b")

    assert client_without_database.get("/api/me", headers=headers).json() == {
        "sub": "alice",
        "name": "Alice",
        "email": "alice@example.com",
        "groups": ["a", "b", "testers"],
    }


def test_a_user_may_have_no_address(
    issuer: LocalIssuer, client_without_database: TestClient
) -> None:
    headers = {"Authorization": f"Bearer {issuer.token(groups=['admins'])}"}

    assert client_without_database.get("/api/me", headers=headers).json() == {
        "sub": "alice",
        "name": "alice",
        "email": None,
        "groups": ["admins"],
    }


PROTECTED = [
    ("GET", "/api/me"),
    ("GET", "/api/notes"),
    ("POST", "/api/notes"),
    ("DELETE", "/api/notes/0b8f7a52-31c6-4a57-9d5c-7a1f0f3b9c24"),
]


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_without_a_token_the_answer_is_401(
    client_without_database: TestClient, method: str, path: str
) -> None:
    response = client_without_database.request(method, path, json={"text": "x"})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="app"'
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "the request carries no bearer token",
    }


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_without_the_group_the_answer_is_403(
    issuer: LocalIssuer, client_without_database: TestClient, method: str, path: str
) -> None:
    headers = headers_of(issuer, "bob", "others")
    response = client_without_database.request(method, path, json={"text": "x"}, headers=headers)

    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]
    assert response.json()["detail"] == "this needs membership in testers or admins"


def test_every_route_but_the_open_ones_asks_who_is_there(
    client_without_database: TestClient,
) -> None:
    """This finds a new route without that check."""
    open_to_all = {"/api/health/live", "/api/health/ready", "/api/config"}
    paths = client_without_database.get("/api/openapi.json").json()["paths"]
    guarded = {
        path
        for path, operations in paths.items()
        if all(operation.get("security") for operation in operations.values())
    }

    assert set(paths) - guarded == open_to_all


def test_a_forged_token_is_refused(
    issuer: LocalIssuer, client_without_database: TestClient
) -> None:
    head, body, _ = issuer.token(groups=["testers"]).split(".")
    headers = {"Authorization": f"Bearer {head}.{body}.AAAA"}
    response = client_without_database.get("/api/me", headers=headers)

    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert response.json()["detail"] == "the token's signature is wrong"


def test_while_the_issuer_is_away_the_answer_is_503(
    issuer: LocalIssuer, client_without_database: TestClient, alice: dict[str, str]
) -> None:
    issuer.status = 500
    try:
        response = client_without_database.get("/api/me", headers=alice)
    finally:
        issuer.status = 200

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.json()["title"] == "Service Unavailable"
