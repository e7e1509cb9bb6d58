import os
import time
from pathlib import Path
from typing import IO, Any

import pytest

from src.manifests import MANIFEST, MAX_BYTES, Listing, Manifests

from .conftest import BACKEND
from .fakes import Repository


def slugs(listing: Listing) -> list[str]:
    return [one.manifest.slug for one in listing.apps]


def test_the_apps_of_every_kind_are_found(repository: Repository) -> None:
    for kind in ("product", "internal", "client", "platform"):
        repository.add(f"an-{kind}", kind=kind)
    repository.write("apps/products/nothing/README.md", "no app")
    repository.write("docs/app.manifest.yml", "not at an app's place")

    listing = Manifests(repository.root).read()

    assert slugs(listing) == ["an-internal", "an-product", "an-client", "an-platform"]
    assert [one.path for one in listing.apps][:2] == [
        "apps/an-internal",
        "apps/products/an-product",
    ]
    assert listing.problems == ()


def test_the_manifests_of_this_repository_are_read() -> None:
    root = next(folder for folder in BACKEND.parents if (folder / "registered-apps.txt").exists())

    listing = Manifests(root).read()

    assert listing.problems == ()
    found = {one.manifest.slug: one for one in listing.apps}
    assert {"gateway", "auth-dev", "template-app"} <= set(found)
    assert found["gateway"].registered
    assert not found["template-app"].registered
    assert not found["gateway"].manifest.has_page


def test_what_yaml_1_1_took_for_something_else_is_text(repository: Repository) -> None:
    repository.add("no", name="No", description="12:30", tags=["on", "1_000"])

    (app,) = Manifests(repository.root).read().apps

    assert (app.manifest.name, app.manifest.description) == ("No", "12:30")
    assert app.manifest.tags == ("on", "1_000")


def test_changes_are_seen_and_nothing_is_read_twice(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = Path.open

    def open_and_tell(self: Path, mode: str = "r", **how: Any) -> IO[Any]:  # noqa: ANN401
        if self.name == MANIFEST:
            opened.append(self.parent.name)
        return real(self, mode, **how)

    file = repository.add("one")
    repository.add("two")
    manifests = Manifests(repository.root)
    monkeypatch.setattr(Path, "open", open_and_tell)
    manifests.read()
    assert opened == ["one", "two"]

    with monkeypatch.context() as undone:
        undone.setattr(Path, "open", real)
        file.write_text(file.read_text().replace("name: One", "name: 1"))
    opened.clear()
    listing = manifests.read()
    assert opened == ["one"]
    assert [one.manifest.name for one in listing.apps] == ["1", "Two"]

    file.unlink()
    assert slugs(manifests.read()) == ["two"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("slug: [", "line 2"),
        ("", "Input should be"),
        ("- a\n- b\n", "Input should be"),
        ("slug: Not A Slug\n", "slug: String should match"),
        ("a: &a [*a]\n", "recursive"),
        ("[" * 5_000, "nested more than 64 deep"),
        ("? " * 30_000, "nested more than 64 deep"),
        ("- " * 30_000, "nested more than 64 deep"),
        ("{a: " * 15_000, "nested more than 64 deep"),
        ("#" * (MAX_BYTES + 1), f"more than {MAX_BYTES} bytes"),
        ("a: [" + "x, " * 20_000 + "]", "more than 5000 values"),
        ("a: {" + "x, " * 20_000 + "}", "more than 5000 values"),
        ("- |\n a\n" * 9_000, "more than 5000 values"),
        ("links: [" + "x, " * 4_000 + "]", "and 4001 more"),
        ("!!python/object/apply:os.system ['true']", "Input should be"),
        ("\x00", "unacceptable"),
    ],
    ids=range(16),
)
def test_a_broken_manifest_is_a_problem_and_hurts_no_other(
    repository: Repository, text: str, reason: str
) -> None:
    repository.add("fine")
    repository.write("apps/broken/app.manifest.yml", text)

    listing = Manifests(repository.root).read()

    assert slugs(listing) == ["fine"]
    (problem,) = listing.problems
    assert problem.path == "apps/broken/app.manifest.yml"
    assert reason in problem.reason


def test_a_manifest_of_240_kilobytes_costs_no_time(repository: Repository) -> None:
    """It took half a minute and blocked all other requests."""
    repository.write("apps/broken/app.manifest.yml", "tags: [" + "x, " * 80_000 + "]")
    began = time.process_time()

    (problem,) = Manifests(repository.root).read().problems

    assert problem.reason == f"it has more than {MAX_BYTES} bytes"
    assert time.process_time() - began < 0.5


def test_while_somebody_is_typing_the_app_stays_as_it_was(repository: Repository) -> None:
    repository.add("one")
    manifests = Manifests(repository.root)
    manifests.read()
    repository.write("apps/one/app.manifest.yml", "slug: [")

    listing = manifests.read()

    assert slugs(listing) == ["one"]
    assert [one.path for one in listing.problems] == ["apps/one/app.manifest.yml"]


def test_of_two_with_one_slug_the_first_stays(repository: Repository) -> None:
    repository.add("one")
    repository.add("one", kind="product")

    listing = Manifests(repository.root).read()

    assert [one.path for one in listing.apps] == ["apps/one"]
    assert [one.reason for one in listing.problems] == ["apps/one has the slug one too"]


def test_what_is_no_file_is_passed_over(repository: Repository) -> None:
    (repository.root / "apps/fifo").mkdir(parents=True)
    os.mkfifo(repository.root / "apps/fifo/app.manifest.yml")
    (repository.root / "apps/loop").symlink_to("loop")
    (repository.root / "apps/folder/app.manifest.yml").mkdir(parents=True)

    assert Manifests(repository.root).read() == Listing()


def test_registered_is_what_the_list_names(repository: Repository) -> None:
    repository.add("one")
    repository.add("two", registered=False)

    listing = Manifests(repository.root).read()

    assert [(one.manifest.slug, one.registered) for one in listing.apps] == [
        ("one", True),
        ("two", False),
    ]


def test_without_a_repository_there_are_no_apps(tmp_path: Path) -> None:
    assert Manifests(tmp_path / "missing").read() == Listing()
