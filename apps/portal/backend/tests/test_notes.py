from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from src.settings import Settings

Headers = dict[str, str]


def add(client: TestClient, headers: Headers, note: str) -> dict[str, Any]:
    response = client.post("/api/notes", json={"text": note}, headers=headers)
    assert response.status_code == 201, response.text
    return dict(response.json())


def texts(client: TestClient, headers: Headers, **params: Any) -> list[str]:  # noqa: ANN401
    response = client.get("/api/notes", headers=headers, params=params)
    assert response.status_code == 200, response.text
    return [note["text"] for note in response.json()["items"]]


def test_a_note_is_added_listed_and_deleted(client: TestClient, alice: Headers) -> None:
    note = add(client, alice, "buy milk")

    assert client.get("/api/notes", headers=alice).json() == {"items": [note], "next_cursor": None}
    deleted = client.delete(f"/api/notes/{note['id']}", headers=alice)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert texts(client, alice) == []
    assert client.delete(f"/api/notes/{note['id']}", headers=alice).status_code == 404


def test_notes_belong_to_their_writer(client: TestClient, alice: Headers, bob: Headers) -> None:
    note = add(client, alice, "secret")

    assert texts(client, bob) == []
    answer = client.delete(f"/api/notes/{note['id']}", headers=bob)
    never_there = client.delete(f"/api/notes/{uuid4()}", headers=bob)
    assert answer.status_code == never_there.status_code == 404
    assert answer.json() == never_there.json()
    assert texts(client, alice) == ["secret"]


@pytest.mark.parametrize(
    "note", ["<script>", "'; DROP TABLE notes; --", "🦀 naïve", "a\nb\tc", "{{ x }}", "x" * 2000]
)
def test_a_text_comes_back_as_it_was(client: TestClient, alice: Headers, note: str) -> None:
    assert add(client, alice, note)["text"] == note
    assert texts(client, alice) == [note]


def test_space_around_a_text_is_dropped(client: TestClient, alice: Headers) -> None:
    assert add(client, alice, "  milk \n")["text"] == "milk"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/text"),
        ({"text": ""}, "#/text"),
        ({"text": " \n "}, "#/text"),
        ({"text": None}, "#/text"),
        ({"text": 5}, "#/text"),
        ({"text": "x" * 2001}, "#/text"),
        ({"text": "a\x00b"}, "#/text"),
        ({"text": "a\x1b[31mb"}, "#/text"),
        ({"text": "a", "owner": "bob"}, "#/owner"),
        ({"text": "a", "id~/x": 1}, "#/id~0~1x"),
        ([], "#"),
    ],
    ids=str,
)
def test_what_is_no_note_is_refused(
    client: TestClient, alice: Headers, body: object, pointer: str
) -> None:
    response = client.post("/api/notes", json=body, headers=alice)

    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["title"], problem["status"]) == ("Unprocessable Content", 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert problem["errors"][0]["detail"]


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b'{"text": "\\ud800"}'])
def test_what_is_no_json_is_refused(client: TestClient, alice: Headers, body: bytes) -> None:
    headers = {**alice, "Content-Type": "application/json"}
    response = client.post("/api/notes", content=body, headers=headers)

    assert response.status_code in {400, 422}
    assert response.headers["Content-Type"] == "application/problem+json"


def test_pages_join_up_while_notes_are_added(client: TestClient, alice: Headers) -> None:
    for number in range(7):
        add(client, alice, f"note {number}")

    seen: list[str] = []
    cursor: str | None = None
    while True:
        params: dict[str, Any] = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/notes", headers=alice, params=params).json()
        assert len(page["items"]) <= 3
        seen += [note["text"] for note in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        add(client, alice, "late")

    assert seen == [f"note {number}" for number in reversed(range(7))]


def test_notes_of_one_moment_are_on_one_page_only(
    client: TestClient, alice: Headers, migrated: Settings
) -> None:
    for number in range(5):
        add(client, alice, str(number))
    engine = create_engine(migrated.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE notes SET created_at = '2026-01-01T00:00:00.123456Z'"))
    engine.dispose()

    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = client.get("/api/notes", headers=alice, params=params).json()
        seen += [note["text"] for note in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert sorted(seen) == ["0", "1", "2", "3", "4"]


def test_a_full_last_page_has_no_next_one(client: TestClient, alice: Headers) -> None:
    for number in range(4):
        add(client, alice, str(number))

    assert client.get("/api/notes?limit=4", headers=alice).json()["next_cursor"] is None


def test_a_page_is_read_from_the_index(
    client: TestClient, alice: Headers, migrated: Settings
) -> None:
    add(client, alice, "x")
    engine = create_engine(migrated.database_url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(
            text(
                "EXPLAIN SELECT * FROM notes WHERE owner = 'a' AND (created_at, id) < "
                "(now(), gen_random_uuid()) ORDER BY created_at DESC, id DESC LIMIT 21"
            )
        )
        lines = "\n".join(row[0] for row in plan)
    engine.dispose()

    assert "Index Scan Backward using ix_notes_owner_created_at_id" in lines
    assert "Sort" not in lines


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "\x00"}, "cursor"),
        ({"cursor": "MjAyNi0wMS0wMVQwMDowMDowMCA1ZjNjMWQ1Mg"}, "cursor"),
        ({"cursor": "a" * 500}, "cursor"),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_named(
    client: TestClient, alice: Headers, params: dict[str, Any], parameter: str
) -> None:
    response = client.get("/api/notes", headers=alice, params=params)

    assert response.status_code == 422
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def test_an_id_that_is_none_is_refused(client: TestClient, alice: Headers) -> None:
    response = client.delete("/api/notes/1", headers=alice)

    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "note_id"


def test_while_the_database_is_away_the_answer_is_503(
    client_without_database: TestClient, alice: Headers
) -> None:
    response = client_without_database.get("/api/notes", headers=alice)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.json()["detail"] == "the database can't be reached at the moment"
