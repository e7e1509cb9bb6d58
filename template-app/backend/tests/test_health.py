from fastapi.testclient import TestClient

from src.settings import Settings


def test_live_needs_no_database(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "live"}


def test_ready_answers_503_without_a_database(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "unreachable"}


def test_the_documentation_stands_below_the_api_prefix(
    client_without_database: TestClient,
) -> None:
    document = client_without_database.get("/api/openapi.json").json()

    assert document["info"]["title"] == "Orders & <returns>"
    assert all(path.startswith("/api/") for path in document["paths"])


def test_the_password_is_in_no_text_of_the_settings(settings_without_database: Settings) -> None:
    password = settings_without_database.database_password.get_secret_value()

    assert password not in repr(settings_without_database)
    assert password not in str(settings_without_database.database_url)
    assert settings_without_database.database_url.password == password
