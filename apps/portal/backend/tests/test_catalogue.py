"""Who waits for whom, when the apps are looked at anew."""

import threading

import pytest

from src.catalogue import Catalogue
from src.engine import Engine
from src.manifests import Listing, Manifests

from .fakes import Repository


def catalogue_of(repository: Repository) -> Catalogue:
    return Catalogue(Manifests(repository.root), Engine("", str(repository.root)), "portal")


def test_a_look_that_takes_long_holds_up_nobody_else(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.add("one")
    catalogue = catalogue_of(repository)
    assert list(catalogue.snapshot().apps) == ["one"]

    repository.add("two")
    begun, go_on = threading.Event(), threading.Event()
    real = Manifests.read

    def slow(self: Manifests) -> Listing:
        begun.set()
        assert go_on.wait(30)
        return real(self)

    monkeypatch.setattr(Manifests, "read", slow)
    looking = threading.Thread(target=catalogue.snapshot)
    looking.start()
    assert begun.wait(30)

    assert list(catalogue.snapshot().apps) == ["one"], "the last snapshot is given meanwhile"
    assert looking.is_alive()

    go_on.set()
    looking.join()
    assert list(catalogue.snapshot().apps) == ["one", "two"]


def test_the_first_look_is_waited_for(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.add("one")
    catalogue = catalogue_of(repository)
    begun, go_on = threading.Event(), threading.Event()
    real = Manifests.read

    def slow(self: Manifests) -> Listing:
        begun.set()
        assert go_on.wait(30)
        return real(self)

    monkeypatch.setattr(Manifests, "read", slow)
    found: list[list[str]] = []

    def look() -> None:
        found.append(list(catalogue.snapshot().apps))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    assert found == []
    go_on.set()
    for thread in threads:
        thread.join()

    assert found == [["one"]] * 4
