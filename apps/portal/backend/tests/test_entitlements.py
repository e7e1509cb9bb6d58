import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from auth_client import User

from src.authentik import AuthentikEntitlements
from src.entitlements import (
    Access,
    Entitlements,
    EntitlementsUnavailableError,
    GroupEntitlements,
    Person,
    Reason,
)
from src.manifests import Manifest

from .fakes import FakeAuthentik


def app(slug: str, groups: list[str] | None = None, **keys: object) -> Manifest:
    return Manifest.model_validate(
        {
            "id": "5f3c1d52-8c0e-4b7a-9a64-2f1e7d0b6c38",
            "slug": slug,
            "name": slug,
            "description": slug,
            "kind": "internal",
            "created": "2026-11-22",
            "auth": {"groups": groups or []},
            **keys,
        }
    )


def person(*groups: str) -> Person:
    return Person(User(sub="u", name="U", groups=frozenset(groups)), "token")


APPS = [app("a", ["a-users", "staff"]), app("b", ["b-users"]), app("open"), app("docs", auth=None)]


@pytest.fixture
def authentik() -> Iterator[FakeAuthentik]:
    with FakeAuthentik(["a", "b", "open", "unknown-to-us", "z"]) as running:
        yield running


def asking(authentik: FakeAuthentik) -> AuthentikEntitlements:
    return AuthentikEntitlements(f"{authentik.url}/application/o/portal/")


def test_groups_open_apps() -> None:
    entitlements: Entitlements = GroupEntitlements()

    assert entitlements.of(person("staff", "a-users", "c-users"), APPS) == {
        "a": Access(Reason.GROUP, ("a-users", "staff")),
        "open": Access(Reason.EVERYONE),
        "docs": Access(Reason.EVERYONE),
    }
    assert set(entitlements.of(person(), APPS)) == {"open", "docs"}
    assert set(entitlements.of(person("A-USERS", "a-users "), APPS)) == {"open", "docs"}


def test_authentik_is_asked_in_the_persons_name_page_by_page(authentik: FakeAuthentik) -> None:
    entitlements: Entitlements = asking(authentik)

    assert entitlements.of(person(), APPS) == {
        "a": Access(Reason.SIGN_IN),
        "b": Access(Reason.SIGN_IN),
        "open": Access(Reason.SIGN_IN),
        "docs": Access(Reason.EVERYONE),
    }
    assert len(authentik.requests) == 3
    assert {headers["Authorization"] for _, headers in authentik.requests} == {"Bearer token"}


def test_authentik_has_the_last_word(authentik: FakeAuthentik) -> None:
    authentik.pages = [["b"]]

    assert set(asking(authentik).of(person("a-users"), APPS)) == {"b", "docs"}


def test_answers_are_kept_for_a_while_and_for_one_token_only(
    authentik: FakeAuthentik, monkeypatch: pytest.MonkeyPatch
) -> None:
    authentik.pages = [["a"]]
    entitlements = asking(authentik)
    entitlements.of(person(), APPS)
    entitlements.of(person(), APPS)
    assert len(authentik.requests) == 1
    with pytest.raises(EntitlementsUnavailableError, match=r"goauthentik\.io/api"):
        entitlements.of(replace(person(), token="another"), APPS)  # noqa: S106

    monkeypatch.setattr("src.authentik.CACHE_SECONDS", -1.0)
    entitlements = asking(authentik)
    entitlements.of(person(), APPS)
    entitlements.of(person(), APPS)
    assert len(authentik.requests) == 4


def test_the_cache_is_bounded(authentik: FakeAuthentik, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.authentik.MOST_CACHED", 2)
    authentik.override = lambda: (200, {"pagination": {"next": 0}, "results": []})
    entitlements = asking(authentik)
    threads = [
        threading.Thread(target=entitlements.of, args=(replace(person(), token=str(number)), APPS))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(entitlements._cached) == 2


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, {}, "needs the scope"),
        (500, {}, "can't be asked at the moment"),
        (302, {}, "can't be asked at the moment"),
        (200, b"<html>", "can't be asked at the moment"),
        (200, [], "unknown form"),
        (200, {"results": [{"slug": "a"}]}, "unknown form"),
        (200, {"results": [{}], "pagination": {"next": 0}}, "unknown form"),
    ],
)
def test_no_answer_is_not_taken_for_nothing(
    authentik: FakeAuthentik, status: int, body: object, message: str
) -> None:
    authentik.override = lambda: (status, body)

    with pytest.raises(EntitlementsUnavailableError, match=message):
        asking(authentik).of(person(), APPS)


def test_at_an_internal_address_it_still_hears_its_public_name(authentik: FakeAuthentik) -> None:
    public = "https://auth.example.com/application/o/portal/"
    AuthentikEntitlements(public, authentik.url).of(person(), APPS)

    for _, headers in authentik.requests:
        assert headers["Host"] == "auth.example.com"
        assert headers["X-Forwarded-Proto"] == "https"
