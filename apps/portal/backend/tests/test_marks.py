"""Favourites and what was opened last: kept for each person, in the app's own database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from .fakes import Repository

Headers = dict[str, str]


@pytest.fixture(autouse=True)
def apps(repository: Repository) -> None:
    repository.add("orders")
    repository.add("lunch", groups=[])
    repository.add("secret")


def marks(client: TestClient, headers: Headers) -> dict[str, Any]:
    items = client.get("/api/apps", headers=headers).json()["items"]
    return {item["slug"]: (item["favourite"], item["opened_at"] is not None) for item in items}


def test_a_favourite_comes_and_goes(client: TestClient, alice: Headers) -> None:
    for _ in range(2):
        assert client.put("/api/apps/orders/favourite", headers=alice).status_code == 204
        assert marks(client, alice) == {"lunch": (False, False), "orders": (True, False)}
    assert client.get("/api/apps/orders", headers=alice).json()["favourite"] is True
    for _ in range(2):
        assert client.delete("/api/apps/orders/favourite", headers=alice).status_code == 204
        assert marks(client, alice) == {"lunch": (False, False), "orders": (False, False)}


def test_an_opening_is_remembered_with_its_time(client: TestClient, alice: Headers) -> None:
    def opened_at() -> datetime:
        opening = client.post("/api/apps/lunch/openings", headers=alice)
        assert opening.status_code == 204
        return datetime.fromisoformat(
            client.get("/api/apps/lunch", headers=alice).json()["opened_at"]
        )

    client.put("/api/apps/lunch/favourite", headers=alice)
    first, second = opened_at(), opened_at()

    assert second > first
    assert abs(datetime.now(UTC) - second) < timedelta(minutes=1)
    assert marks(client, alice)["lunch"] == (True, True)


def test_marks_are_ones_own(client: TestClient, alice: Headers, bob: Headers) -> None:
    client.put("/api/apps/lunch/favourite", headers=alice)
    client.post("/api/apps/lunch/openings", headers=alice)

    assert marks(client, bob) == {"lunch": (False, False)}
    client.delete("/api/apps/lunch/favourite", headers=bob)
    assert marks(client, alice)["lunch"] == (True, True)


def test_what_one_cannot_see_one_cannot_mark(client: TestClient, alice: Headers) -> None:
    for slug in ("secret", "nothing"):
        for method, path in (("PUT", "favourite"), ("DELETE", "favourite"), ("POST", "openings")):
            response = client.request(method, f"/api/apps/{slug}/{path}", headers=alice)
            assert response.status_code == 404


def test_a_favourite_outlasts_a_rename(client: TestClient, alice: Headers, tmp_path: Path) -> None:
    client.put("/api/apps/lunch/favourite", headers=alice)
    file = tmp_path / "apps/lunch/app.manifest.yml"
    file.write_text(file.read_text().replace("slug: lunch", "slug: dinner"))

    assert marks(client, alice)["dinner"] == (True, False)


def test_while_the_database_is_away_the_answer_is_503(
    client_without_database: TestClient, alice: Headers
) -> None:
    response = client_without_database.get("/api/apps", headers=alice)

    assert response.status_code == 503
    assert response.json()["detail"] == "the database can't be reached at the moment"
