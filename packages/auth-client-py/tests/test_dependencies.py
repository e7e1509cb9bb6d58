"""What a caller of an app sees: statuses, headers, OpenAPI."""

import logging
import time
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from auth_client import (
    OidcSettings,
    TokenVerifier,
    User,
    optional_user,
    require_groups,
    require_token,
    require_user,
    setup_auth,
)
from auth_client.testing import LocalIssuer


def make_app(settings: OidcSettings) -> FastAPI:
    app = FastAPI()
    setup_auth(app, TokenVerifier(settings))

    @app.get("/me")
    def me(user: Annotated[User, Depends(require_user)]) -> str:
        return user.name

    @app.get("/who")
    def who(user: Annotated[User | None, Depends(optional_user)]) -> str:
        return user.name if user else "nobody"

    @app.get("/members", dependencies=[Depends(require_groups("app-users", "Ünïcode"))])
    def members() -> str:
        return "welcome"

    @app.get("/everyone")
    def everyone(user: Annotated[User, Depends(require_groups())]) -> str:
        return user.name

    @app.get("/token")
    def token(token: Annotated[str, Depends(require_token)]) -> str:
        return token

    @app.get("/open")
    def open_to_all() -> str:
        return "open"

    return app


@pytest.fixture
def client(settings: OidcSettings) -> Iterator[TestClient]:
    with TestClient(make_app(settings)) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_user_arrives(issuer: LocalIssuer, client: TestClient) -> None:
    headers = bearer(issuer.token(name="Alice"))

    assert client.get("/me", headers=headers).json() == "Alice"
    assert client.get("/who", headers=headers).json() == "Alice"
    assert client.get("/everyone", headers=headers).json() == "Alice"


def test_the_token_itself_is_given_once_it_is_verified(
    issuer: LocalIssuer, client: TestClient
) -> None:
    token = issuer.token()

    assert client.get("/token", headers=bearer(token)).json() == token
    assert client.get("/token", headers=bearer(token + "x")).status_code == 401
    assert client.get("/token").status_code == 401


def test_without_a_token(client: TestClient) -> None:
    response = client.get("/me")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="app"'
    assert client.get("/who").json() == "nobody"
    assert client.get("/open").json() == "open"


def test_another_scheme_is_no_token(client: TestClient) -> None:
    headers = {"Authorization": "Basic YWxpY2U6cHc="}

    assert client.get("/me", headers=headers).status_code == 401
    assert client.get("/who", headers=headers).json() == "nobody"


@pytest.mark.parametrize("path", ["/me", "/who", "/members", "/everyone"])
def test_a_bad_token(issuer: LocalIssuer, client: TestClient, path: str) -> None:
    response = client.get(path, headers=bearer(issuer.token(exp=int(time.time()) - 100)))

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == (
        'Bearer realm="app", error="invalid_token", error_description="the token has expired"'
    )


@pytest.mark.parametrize(
    "headers",
    [
        [("Authorization", "Bearer a b")],
        [("Authorization", "Bearer")],
        [("Authorization", "Bearer a"), ("Authorization", "Bearer b")],
        [("Authorization", "Bearer a"), ("Authorization", "Basic b")],
    ],
)
def test_a_malformed_request(client: TestClient, headers: list[tuple[str, str]]) -> None:
    response = client.get("/me", headers=headers)

    assert response.status_code == 400
    assert response.headers["WWW-Authenticate"].startswith(
        'Bearer realm="app", error="invalid_request", error_description="'
    )


def test_a_token_in_the_address_is_not_read(issuer: LocalIssuer, client: TestClient) -> None:
    """RFC 6750, section 2.3, advises against it: addresses get logged."""
    assert client.get("/me", params={"access_token": issuer.token()}).status_code == 401


@pytest.mark.parametrize(
    ("groups", "status"),
    [
        (["app-users"], 200),
        (["Ünïcode"], 200),
        (["x", "app-users", "y"], 200),
        ([], 403),
        (["app-user"], 403),
        (["APP-USERS"], 403),
        (["other-users"], 403),
    ],
)
def test_groups(issuer: LocalIssuer, client: TestClient, groups: list[str], status: int) -> None:
    response = client.get("/members", headers=bearer(issuer.token(groups=groups)))

    assert response.status_code == status
    if status == 403:
        assert response.json() == {"detail": "this needs membership in app-users or Ünïcode"}
        assert response.headers["WWW-Authenticate"] == (
            'Bearer realm="app", error="insufficient_scope", '
            'error_description="the user lacks a group"'
        )


def test_an_issuer_that_is_away(issuer: LocalIssuer, client: TestClient) -> None:
    issuer.status = 500
    response = client.get("/me", headers=bearer(issuer.token()))

    assert response.status_code == 503
    assert 1 <= int(response.headers["Retry-After"]) <= 10
    assert "WWW-Authenticate" not in response.headers
    assert client.get("/me").status_code == 401, "no token is no token"

    issuer.status = 200


def test_a_token_is_verified_once_a_request(
    issuer: LocalIssuer, settings: OidcSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(settings)
    router = APIRouter(dependencies=[Depends(require_groups()), Depends(require_user)])

    @router.get("/deep")
    def deep(user: Annotated[User, Depends(require_user)]) -> str:
        return user.name

    app.include_router(router)
    verified: list[str] = []
    original = TokenVerifier.verify

    def counting(self: TokenVerifier, token: str) -> User:
        verified.append(token)
        return original(self, token)

    monkeypatch.setattr(TokenVerifier, "verify", counting)
    with TestClient(app) as client:
        assert client.get("/deep", headers=bearer(issuer.token())).status_code == 200
    assert len(verified) == 1


def test_an_app_that_forgot_to_set_up_says_so() -> None:
    app = FastAPI()

    @app.get("/me")
    def me(user: Annotated[User, Depends(require_user)]) -> str:
        return user.name

    with TestClient(app) as client, pytest.raises(RuntimeError, match="setup_auth"):
        client.get("/me")


def test_openapi_tells_of_it(client: TestClient) -> None:
    document: dict[str, Any] = client.get("/openapi.json").json()

    assert document["components"]["securitySchemes"] == {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of the app's issuer.",
        }
    }
    assert document["paths"]["/me"]["get"]["security"] == [{"bearer": []}]
    assert document["paths"]["/members"]["get"]["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/open"]["get"]


def test_tokens_are_in_no_log(
    issuer: LocalIssuer, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = [issuer.token(), issuer.token(aud="other"), issuer.token(groups=["x"]), "malformed?"]
    for token in tokens:
        client.get("/members", headers=bearer(token))

    assert "refused a token: the token is for another app" in caplog.text
    for token in tokens:
        assert token not in caplog.text
        assert token.split(".")[-1] not in caplog.text
