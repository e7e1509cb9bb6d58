"""Finding 1,000 manifests in a checkout of 200,000 files, beside `git ls-files` and fd."""

from __future__ import annotations

import shutil
import subprocess

import trees
from bench import Bench
from measure import Case, UnexpectedError, environment, interleave, paired
from report import Section, comparison, ratio


def run(bench: Bench) -> Section:
    section = Section("discover")
    size = 20_000 if bench.quick else 200_000
    root = trees.crowd(bench.trees, bench.schema, size)
    manifests = size // 200
    listing = Case("`scalr list`: finds, reads and checks each", [bench.scalr, "list"], root)
    validating = Case("`scalr validate`: and compares them", [bench.scalr, "validate"], root)
    git = [shutil.which("git") or "git", "ls-files"]
    pattern = f"*{trees.MANIFEST}"
    finders = [
        Case(
            "`git ls-files -co --exclude-standard`: names, new files included",
            [*git, "-co", "--exclude-standard", "--", pattern],
            root,
        ),
        Case("`git ls-files`: names from the index, no look at the tree", [*git, "--", pattern], root),
    ]
    fd = bench.peers.get("fd")
    if fd:
        finders += [
            Case("`fd --glob`: names, hidden folders left out", [fd.program, "--glob", trees.MANIFEST], root),
            Case(
                "`fd --hidden --exclude .git --glob`: names from the same folders as scalr",
                [fd.program, "--hidden", "--exclude", ".git", "--glob", trees.MANIFEST],
                root,
            ),
        ]
    for finder in finders:
        prove(finder, manifests)
    interleave([listing, validating, *finders], bench.effort(rounds=15))
    section.add(comparison(listing, [validating, *finders]))
    what = f"discovery in the {size:,}-file tree no slower than fd"
    if not fd:
        section.want(what, "no fd here", None)
        return section
    quickest = min(finders[2:], key=lambda case: min(case.walls()))
    wall, cpu = paired(quickest.walls(), listing.walls()), paired(quickest.cpus(), listing.cpus())
    section.want(what, f"{ratio(wall)} times in wall time, {ratio(cpu)} in CPU, by `scalr list`", wall >= 1)
    return section


def prove(case: Case, manifests: int) -> None:
    done = subprocess.run(case.command(), cwd=case.cwd, env=environment(), capture_output=True, check=True)
    if (found := done.stdout.count(b"\n")) != manifests:
        raise UnexpectedError(f"{case.name} finds {found} of {manifests} manifests")
