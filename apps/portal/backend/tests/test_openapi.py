"""The API's OpenAPI document, from which the page's types are generated."""

import json
import subprocess
import sys
from typing import Any

import pytest
from fastapi.testclient import TestClient

from src import openapi
from src.main import create_app
from src.settings import Settings

from .conftest import BACKEND

Document = dict[str, Any]


@pytest.fixture
def document() -> Document:
    return dict(json.loads(openapi.document()))


def test_it_needs_no_environment(document: Document) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "src.openapi"], cwd=BACKEND, env={}, capture_output=True, check=True
    )

    assert json.loads(printed.stdout) == document


def test_the_running_app_says_the_same(
    document: Document, client_without_database: TestClient
) -> None:
    served = client_without_database.get("/api/openapi.json").json()

    assert served["info"].pop("title") == "All & <any>"
    document["info"].pop("title")
    assert served == document


def test_its_page_is_for_development(settings_without_database: Settings) -> None:
    for wanted, status in ((False, 404), (True, 200)):
        settings = settings_without_database.model_copy(update={"api_docs": wanted})
        with TestClient(create_app(settings)) as client:
            assert client.get("/api/docs").status_code == status


def test_everything_stands_below_the_api_prefix(document: Document) -> None:
    assert all(path.startswith("/api/") for path in document["paths"])


def test_what_needs_a_token_says_so(document: Document) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path in ("/api/me", "/api/apps"):
        operation = document["paths"][path]["get"]
        assert operation["security"] == [{"bearer": []}]
        for status in ("401", "403", "503"):
            assert operation["responses"][status]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def test_what_can_be_wrong_is_a_problem(document: Document) -> None:
    for method, path, status in (
        ("get", "/api/apps/{slug}", "404"),
        ("get", "/api/apps/{slug}", "422"),
        ("put", "/api/apps/{slug}/favourite", "404"),
        ("post", "/api/apps/{slug}/openings", "404"),
    ):
        content = document["paths"][path][method]["responses"][status]["content"]
        assert list(content) == ["application/problem+json"]
    assert "HTTPValidationError" not in json.dumps(document)


def test_operations_have_short_names(document: Document) -> None:
    names = [o["operationId"] for path in document["paths"].values() for o in path.values()]

    assert sorted(names) == [
        "add_favourite",
        "add_opening",
        "get_app",
        "get_config",
        "get_live",
        "get_me",
        "get_ready",
        "list_apps",
        "remove_favourite",
    ]
