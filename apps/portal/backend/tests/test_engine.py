import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from src.engine import Engine

from .fakes import FakeEngine, container, itself


def test_one_question_is_asked(engine: FakeEngine) -> None:
    assert Engine(engine.url, "/mnt").containers() is not None

    ((path, headers),) = engine.requests
    query = parse_qs(urlsplit(path).query)
    assert json.loads(query["filters"][0]) == {"label": ["com.docker.compose.project"]}
    assert "Authorization" not in headers


def test_containers_belong_to_their_project(engine: FakeEngine) -> None:
    engine.containers = [container("orders"), container("orders-desk"), container("orders", "db")]

    found = Engine(engine.url, "/mnt").containers()

    assert found is not None
    assert [one.service for one in found.of("apps/orders", "orders")] == ["backend", "db"]


def test_the_folder_decides_where_it_is_known(engine: FakeEngine) -> None:
    mine, other = "/home/me/repository", "/home/me/other-clone"
    engine.containers = [
        itself(Path("/mnt/repository"), mine),
        container("e2e-orders", folder=f"{mine}/apps/orders"),
        container("orders", folder=f"{other}/apps/orders"),
        container("desk", folder="/somewhere/else"),
    ]

    found = Engine(engine.url, "/mnt/repository").containers()

    assert found is not None
    assert found.repository == mine
    assert [one.project for one in found.of("apps/orders", "orders")] == ["e2e-orders"]
    assert [one.project for one in found.of("apps/desk", "desk")] == ["desk"]


def test_what_somebody_runs_by_hand_is_no_part_of_the_app(engine: FakeEngine) -> None:
    run = container("orders")
    run["Labels"]["com.docker.compose.oneoff"] = "True"
    engine.containers = [run]

    found = Engine(engine.url, "/mnt").containers()

    assert found is not None
    assert found.all == ()


@pytest.mark.parametrize("answer", [{}, b"<html>", [1], [{"Labels": 5}], b"\xff", b"[" * 100_000])
def test_an_engine_that_answers_nonsense_is_none(engine: FakeEngine, answer: object) -> None:
    engine.containers = answer

    assert Engine(engine.url, "/mnt").containers() is None


def test_an_engine_that_refuses_is_told_once(
    engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    asked = Engine(engine.url, "/mnt")
    engine.status = 403
    assert asked.containers() is None
    assert asked.containers() is None
    assert len([line for line in caplog.messages if "can't be asked" in line]) == 1

    engine.status = 200
    assert asked.containers() is not None


def test_without_an_address_nobody_is_asked(closed_port: int) -> None:
    assert Engine("", "/mnt").containers() is None
    assert Engine(f"http://127.0.0.1:{closed_port}", "/mnt").containers() is None
