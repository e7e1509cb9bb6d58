from fastapi.testclient import TestClient


def test_live_needs_no_database(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "live"}


def test_ready_answers_503_without_a_database(client_without_database: TestClient) -> None:
    response = client_without_database.get("/api/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "unreachable"}


def test_ready_answers_200_with_a_database(client: TestClient) -> None:
    response = client.get("/api/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "reachable"}
