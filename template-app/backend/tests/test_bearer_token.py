import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from src.deps import BearerTokenDep


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.get("/length")
    def length(token: BearerTokenDep) -> int:
        return len(token)

    return TestClient(app)


def test_a_route_gets_the_token(client: TestClient) -> None:
    assert client.get("/length", headers={"Authorization": "Bearer abc.def"}).json() == 7


def test_without_a_token_a_route_answers_401(client: TestClient) -> None:
    response = client.get("/length")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_malformed_token_is_refused_and_not_repeated(client: TestClient) -> None:
    response = client.get("/length", headers={"Authorization": "Bearer not<a>token"})

    assert response.status_code == 400
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_request"'
    assert "not<a>token" not in response.text
