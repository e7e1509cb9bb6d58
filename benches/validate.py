"""`scalr validate` beside the validators of JSON schemas, on repositories of growing size."""

from __future__ import annotations

import subprocess
from pathlib import Path
from statistics import median

import trees
from bench import Bench
from measure import Case, UnexpectedError, environment, interleave, paired, peak_memory
from peers import Peer
from report import Section, comparison, ms, ratio, spread, table


def run(bench: Bench) -> Section:
    section = Section("validate")
    sizes = (1, 100, 1_000) if bench.quick else (1, 100, 10_000)
    measured: dict[int, dict[str, Case]] = {}
    for size in sizes:
        root = trees.manifests(bench.trees, bench.schema, size)
        cases = {"scalr": scalr(bench, root)} | {
            name: peer_case(name, bench.peers[name], root) for name in PEERS if name in bench.peers
        }
        if size == 100:
            prove(cases, root)
        interleave(list(cases.values()), bench.effort(rounds=30 if size == 1 else 11 if size == 100 else 7))
        measured[size] = cases
        largest = size == sizes[-1]
        peaks = {case.name: peak_memory(case) for case in cases.values()} if largest else None
        base, *others = cases.values()
        section.add(f"### {size:,} manifest{'s' if size > 1 else ''}\n\n{comparison(base, others, peaks)}")
        if peaks:
            peak = peaks[base.name]
            section.want(f"peak memory below 60 MB at {size:,} manifests", f"{peak * 1.048576:.0f} MB", peak < 57.2)
    want(section, measured, sizes[-1])
    linearity(section, bench)
    return section


def scalr(bench: Bench, root: Path) -> Case:
    return Case("`scalr validate`", [bench.scalr, "validate"], root)


def files(root: Path) -> list[str]:
    """Every manifest by its relative path: 10,000 of them fit into one command line."""
    return sorted(str(path.relative_to(root)) for path in root.rglob(trees.MANIFEST))


def peer_case(name: str, peer: Peer, root: Path) -> Case:
    return Case(*PEERS[name](peer, root), root)


def check_jsonschema(peer: Peer, root: Path) -> tuple[str, list[str | Path]]:
    return "check-jsonschema", [peer.program, "--schemafile", trees.SCHEMA, *files(root)]


def sourcemeta_native(peer: Peer, root: Path) -> tuple[str, list[str | Path]]:
    return "@sourcemeta/jsonschema, its native binary", sourcemeta(peer, root)


def sourcemeta_launcher(peer: Peer, root: Path) -> tuple[str, list[str | Path]]:
    return "@sourcemeta/jsonschema by its npm launcher", sourcemeta(peer, root)


def sourcemeta(peer: Peer, root: Path) -> list[str | Path]:
    # --fast is its quickest mode; formats are asserted, as scalr and check-jsonschema do unasked.
    return [peer.program, "validate", trees.SCHEMA, *files(root), "--fast", "--format-assertion"]


def jsonschema_cli(peer: Peer, root: Path) -> tuple[str, list[str | Path]]:
    instances = [part for file in files(root) for part in ("-i", file)]
    return "jsonschema-cli", [peer.program, "validate", trees.SCHEMA, "--assert-format", *instances]


PEERS = {
    "sourcemeta": sourcemeta_native,
    "sourcemeta launcher": sourcemeta_launcher,
    "jsonschema-cli": jsonschema_cli,
    "check-jsonschema": check_jsonschema,
}


def prove(cases: dict[str, Case], root: Path) -> None:
    """Each tool must accept the repository as it is and refuse it with one manifest broken.

    That each accepts the larger ones is seen by every measured run, for it must end with 0.
    """
    victim = root / files(root)[-1]
    intact = victim.read_text()
    for broken in (False, True):
        if broken:
            victim.write_text(intact.replace("\nkind: ", "\nkind: no-such-"))
        try:
            for case in cases.values():
                done = subprocess.run(case.command(), cwd=root, env=environment(), capture_output=True, text=True)
                if (done.returncode != 0) != broken:
                    said = (done.stdout + done.stderr)[-2000:]
                    verdict = "accepts a broken manifest" if broken else "refuses a valid repository"
                    raise UnexpectedError(f"{case.name} {verdict}: {said}")
        finally:
            victim.write_text(intact)


def want(section: Section, measured: dict[int, dict[str, Case]], largest: int) -> None:
    base = measured[largest]["scalr"]
    full_size = largest == 10_000

    def against(name: str) -> tuple[float, float] | None:
        if not (peer := measured[largest].get(name)):
            return None
        return paired(peer.walls(), base.walls()), paired(peer.cpus(), base.cpus())

    for name, what, least in (
        ("check-jsonschema", "at least 50 times as fast as check-jsonschema in wall time", 50.0),
        ("sourcemeta", "ahead of the native binary of @sourcemeta/jsonschema", 1.0),
        ("jsonschema-cli", "ahead of jsonschema-cli", 1.0),
    ):
        found = against(name)
        said = f"{ratio(found[0])} times in wall time, {ratio(found[1])} in CPU" if found else "no such peer here"
        held = found[0] >= least if found and (full_size or least == 1) else None
        section.want(f"{what} at {largest:,} manifests", said, held)
    one = median(measured[1]["scalr"].walls())
    section.want("one manifest below 8 ms", f"{ms(one)} ms, starting the process included", one < 0.008)


def linearity(section: Section, bench: Bench) -> None:
    sizes = (100, 300, 1_000) if bench.quick else (100, 1_000, 10_000)
    cases = [scalr(bench, trees.manifests(bench.trees, bench.schema, size)) for size in sizes]
    interleave(cases, bench.effort(rounds=11))
    costs = [median(case.cpus()) for case in cases]
    rows = []
    for at, (size, case) in enumerate(zip(sizes, cases, strict=True)):
        each = (costs[at] - costs[at - 1]) / (size - sizes[at - 1]) if at else None
        rows.append((f"{size:,}", spread(case.cpus()), spread(case.walls()), f"{each * 1e6:.1f}" if each else "-"))
    head = ("Manifests", "CPU ms", "wall ms", "CPU µs for each more")
    section.add(f"### Growth\n\n{table(head, rows)}")
    growth = (costs[2] - costs[1]) / (sizes[2] - sizes[1]) * (sizes[1] - sizes[0]) / (costs[1] - costs[0])
    section.want(
        "cost linear in the number of manifests",
        f"each one more costs {ratio(growth)} times as much between {sizes[1]:,} and {sizes[2]:,} "
        f"as between {sizes[0]:,} and {sizes[1]:,}",
        growth < 1.25,
    )
