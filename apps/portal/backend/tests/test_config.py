from fastapi.testclient import TestClient

from src.main import create_app
from src.settings import Settings


def test_the_page_learns_where_to_sign_in(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/config")

    assert response.status_code == 200
    config = response.json()
    oidc = config.pop("oidc")
    assert oidc.pop("issuer").endswith("/application/o/app/")
    assert oidc == {"client_id": "app", "extra_scopes": []}
    assert config == {
        "app_name": "All & <any>",
        "slug": "portal",
        "portal_url": "http://portal.localhost",
        "docs_url": "http://docs.localhost",
    }


def test_authentik_wants_a_scope_for_its_own_api(settings_without_database: Settings) -> None:
    settings = settings_without_database.model_copy(update={"sign_in": "authentik"})
    with TestClient(create_app(settings)) as client:
        oidc = client.get("/api/config").json()["oidc"]

    assert oidc["extra_scopes"] == ["goauthentik.io/api"]
