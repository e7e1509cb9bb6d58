from fastapi.testclient import TestClient


def test_the_page_learns_where_to_sign_in(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/config")

    assert response.status_code == 200
    config = response.json()
    assert config.pop("oidc")["issuer"].endswith("/application/o/app/")
    assert config == {
        "app_name": "Orders & <returns>",
        "slug": "orders",
        "portal_url": "http://portal.localhost",
    }
