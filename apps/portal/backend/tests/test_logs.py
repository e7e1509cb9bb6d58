import json
import logging
import sys

import pytest
from auth_client.testing import LocalIssuer
from fastapi.testclient import TestClient

from src.logs import JsonFormatter, request_id

from .conftest import headers_of


def test_a_line_is_one_object() -> None:
    record = logging.makeLogRecord(
        {"name": "a", "levelname": "INFO", "msg": "two\nlines of %s", "args": ("ü",), "status": 200}
    )
    token = request_id.set("id-1")
    try:
        line = JsonFormatter().format(record)
    finally:
        request_id.reset(token)

    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed.pop("time").endswith("Z")
    assert parsed == {
        "level": "INFO",
        "logger": "a",
        "message": "two\nlines of ü",
        "request_id": "id-1",
        "status": 200,
    }


def test_an_exception_is_in_its_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})

    assert "ValueError: broken" in json.loads(JsonFormatter().format(record))["exception"]


@pytest.mark.parametrize("given", ["abc", "0af7651916cd43dd-8448.eb_x", "x" * 128])
def test_a_harmless_request_id_is_kept(client_without_database: TestClient, given: str) -> None:
    response = client_without_database.get("/api/config", headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a\tb", '{"a":1}', "x" * 129, "ä".encode("latin-1")])
def test_any_other_one_is_replaced(client_without_database: TestClient, given: str | bytes) -> None:
    headers: list[tuple[bytes, bytes]] = [
        (b"X-Request-Id", given if isinstance(given, bytes) else given.encode())
    ]
    response = client_without_database.get("/api/config", headers=headers)

    assert response.headers["X-Request-Id"] != given
    assert len(response.headers["X-Request-Id"]) == 32


def test_a_request_is_one_line_without_query_and_token(
    issuer: LocalIssuer, client_without_database: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    headers = {**headers_of(issuer, "alice"), "X-Request-Id": "abc"}
    client_without_database.get("/api/me?secret=s3cret", headers=headers)

    lines = [record for record in caplog.records if record.name == "src.access"]
    assert [line.getMessage() for line in lines] == ["GET /api/me 200"]
    formatted = json.loads(JsonFormatter().format(lines[0]))
    assert (formatted["method"], formatted["path"], formatted["status"]) == ("GET", "/api/me", 200)
    assert formatted["duration_ms"] > 0
    # All lines but those of the test's own client.
    ours = "".join(JsonFormatter().format(r) for r in caplog.records if r.name != "httpx2")
    assert "s3cret" not in ours
    assert headers["Authorization"].removeprefix("Bearer ") not in ours


def test_health_checks_are_no_news(
    client_without_database: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client_without_database.get("/api/health/live")
    assert "src.access" not in caplog.text

    client_without_database.get("/api/health/ready")
    assert "GET /api/health/ready 503" in caplog.text
