"""`scalr new-app` beside copier, cookiecutter and cp + grep + sed, on one template in each tool's own form."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import templates
from bench import Bench
from machine import file_system
from measure import Case, UnexpectedError, interleave, paired
from report import Section, comparison, ratio

# A file system in memory, where Linux has it: what a disk's file system does of its own accord stays out of the tables.
MEMORY = Path("/dev/shm")
NEEDED = 4 * 2**30

# The floor: three programs of C that know nothing of what they copy.
SHELL = """\
cp -r "$1" "$2" &&
grep -rlZ -e "[Tt]emplate[-_ ]\\?[Aa]pp" -e TEMPLATE_APP "$2" |
xargs -0 -r sed -i -e "s/template-app/$3/g" -e "s/template_app/$4/g" -e "s/TemplateApp/$5/g" \
  -e "s/TEMPLATE_APP/$6/g" -e "s/Template App/$7/g" -e "s/13000/$8/g" -e "s/18000/$9/g" -e "s/15432/${10}/g"
"""


class NewApp:
    """One new app a run, by a slug that was never there before. Checking it and taking it away is not measured."""

    def __init__(self, folder: Path, files: int, aside: Path) -> None:
        self.number = 0
        self.files = files
        # The folder in which the app appears, named after its slug.
        self.home = folder
        # Made apps are moved there and deleted at the end: ext4 goes out of its way not to give the inodes of files
        # deleted within the last seconds to new ones, and a benchmark that deletes would measure little else.
        self.aside = aside
        self.keep: dict[Path, bytes] = {}

    def values(self) -> dict[str, str]:
        number = self.number
        return {
            "slug": f"order-desk-{number}",
            "snake": f"order_desk_{number}",
            "pascal": f"OrderDesk{number}",
            "upper": f"ORDER_DESK_{number}",
            "name": f"Order Desk {number}",
            "frontend": "13010",
            "backend": "18010",
            "db": "15433",
        }

    @property
    def folder(self) -> Path:
        return self.home / self.values()["slug"]

    def case(self, name: str, cwd: Path, command: Callable[[dict[str, str]], list[str | Path]]) -> Case:
        return Case(name, lambda: command(self.values()), cwd, self.next, self.check_and_move)

    def next(self) -> None:
        self.number += 1

    def check_and_move(self) -> None:
        """Every tool must make every file, and write the slug in the place of the template's, each time."""
        texts = [path.read_text() for path in own_files(self.folder)]
        slug = self.values()["slug"]
        named = sum(slug in text for text in texts)
        left = sum(token in text for text in texts for token in templates.TOKENS)
        for path, content in self.keep.items():
            path.write_bytes(content)
        if self.folder.exists():
            self.folder.rename(self.aside / f"{slug}-{time.monotonic_ns()}")
        if len(texts) < self.files or not named or left:
            raise UnexpectedError(
                f"{self.folder}: {len(texts)} of {self.files} files, {named} name it, {left} tokens are left"
            )


def own_files(folder: Path) -> Iterator[Path]:
    """The files that came from the template's text: no junk, and not what scalr and cp have besides."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and path.name not in templates.JUNK:
            yield from own_files(path)
        elif path.is_file() and path.name not in (".scaffold.yml", "template.yml"):
            yield path


@dataclass(frozen=True)
class Place:
    """Where templates are kept and apps are made."""

    bench: Bench
    folder: Path

    @property
    def trees(self) -> Path:
        return self.folder / "trees"

    def output(self, name: str) -> Path:
        made = self.folder / "made" / name
        made.mkdir(parents=True, exist_ok=True)
        return made


def run(bench: Bench) -> Section:
    section = Section("scaffold")
    with TemporaryDirectory(dir=memory() or bench.work, prefix="scalr-bench-") as folder:
        fast = Place(bench, Path(folder))
        want(section, equal_templates(section, fast))
        junk(section, fast)
    with TemporaryDirectory(dir=bench.work, prefix="made-") as folder:
        on_disk(section, Place(bench, Path(folder)))
    return section


def memory() -> Path | None:
    is_usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED
    return MEMORY if is_usable else None


def equal_templates(section: Section, place: Place) -> dict[str, Case]:
    by_size = {}
    for count in (70,) if place.bench.quick else (70, 700):
        cases = by_size[count] = build(place, count, junk=False)
        interleave(list(cases.values()), place.bench.effort(rounds=21 if count == 70 else 11))
        base, *others = cases.values()
        section.add(f"### {count} files, on {file_system(place.folder)}\n\n{comparison(base, others)}")
    return by_size[70]


def junk(section: Section, place: Place) -> None:
    cases = build(place, 70, junk=True)
    if place.bench.quick:
        # Minutes for each run of these.
        cases = {name: cases[name] for name in ("scalr", "shell")}
    plain = scalr(place, 70, junk=False)
    plain.name = "`scalr new-app` without them"
    interleave([*cases.values(), plain], place.bench.effort(rounds=11))
    base, *others = cases.values()
    title = f"### 70 files, and 25,000 in node_modules and .venv, on {file_system(place.folder)}"
    section.add(f"{title}\n\n{comparison(base, [plain, *others])}")
    times = paired(base.cpus(), plain.cpus())
    section.want("no dearer with node_modules in the template", f"{ratio(times)} times the CPU time", times < 1.15)


def on_disk(section: Section, place: Place) -> None:
    cases = [scalr(place, 70, junk=False), shell(place, 70, junk=False)]
    interleave(cases, place.bench.effort(rounds=21))
    section.add(f"### 70 files, on {file_system(place.folder)}\n\n{comparison(cases[0], cases[1:])}")


def build(place: Place, count: int, *, junk: bool) -> dict[str, Case]:
    cases = {"scalr": scalr(place, count, junk=junk), "shell": shell(place, count, junk=junk)}
    for name, make in (("cookiecutter", cookiecutter), ("copier", copier)):
        if name in place.bench.peers:
            cases[name] = make(place, count, junk=junk)
    return cases


def scalr(place: Place, count: int, *, junk: bool) -> Case:
    root = templates.scalr_repository(place.trees, place.bench.schema, count, junk=junk)
    app = NewApp(root / "apps", count, place.output("aside"))
    registry = root / "registered-apps.txt"
    app.keep[registry] = registry.read_bytes()

    def command(values: dict[str, str]) -> list[str | Path]:
        answers = ["--name", values["name"], "--slug", values["slug"], "--description", "Takes orders."]
        return [place.bench.scalr, "new-app", *answers, "--kind", "internal", "--yes"]

    return app.case("`scalr new-app`", root, command)


def shell(place: Place, count: int, *, junk: bool) -> Case:
    template = templates.scalr_repository(place.trees, place.bench.schema, count, junk=junk) / "template-app"
    app = NewApp(place.output("shell"), count, place.output("aside"))

    def command(values: dict[str, str]) -> list[str | Path]:
        return ["/bin/sh", "-c", SHELL, "sh", template, app.folder, *values.values()]

    return app.case("cp + grep + sed", app.home, command)


def copier(place: Place, count: int, *, junk: bool) -> Case:
    template = templates.copier_template(place.trees, count, junk=junk)
    app = NewApp(place.output("copier"), count, place.output("aside"))

    def command(values: dict[str, str]) -> list[str | Path]:
        data = [part for key, value in values.items() for part in ("-d", f"{key}={value}")]
        return [place.bench.peers["copier"].program, "copy", "--defaults", "--quiet", *data, template, app.folder]

    return app.case("copier", app.home, command)


def cookiecutter(place: Place, count: int, *, junk: bool) -> Case:
    template = templates.cookiecutter_template(place.trees, count, junk=junk)
    app = NewApp(place.output("cookiecutter"), count, place.output("aside"))
    config = place.folder / "cookiecutter.yml"
    config.write_text(f"replay_dir: {place.folder / 'cookiecutter-replay'}\n")

    def command(values: dict[str, str]) -> list[str | Path]:
        context = [f"{key}={value}" for key, value in values.items()]
        options: list[str | Path] = ["--no-input", "--config-file", config, "--output-dir", app.home]
        return [place.bench.peers["cookiecutter"].program, *options, template, *context]

    return app.case("cookiecutter", app.home, command)


def want(section: Section, cases: dict[str, Case]) -> None:
    cpus = cases["scalr"].cpus()
    times = paired(cpus, cases["shell"].cpus())
    section.want("at most twice the CPU time of cp + grep + sed at 70 files", f"{ratio(times)} times", times <= 2)
    for name, least in (("cookiecutter", 25), ("copier", 50)):
        what = f"at least {least} times less CPU time than {name} at 70 files"
        if name in cases:
            less = paired(cases[name].cpus(), cpus)
            section.want(what, f"{ratio(less)} times", less >= least)
        else:
            section.want(what, "no such peer here", None)
