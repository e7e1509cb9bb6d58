"""Many subprojects on the real Docker engine, beside a shell loop, `xargs -P4`, one merged project, and cupli."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import fleet
from bench import Bench
from fleet import Fleet
from measure import Case, Effort, UnexpectedError, interleave, paired, peak_memory, run as measure_once
from report import Section, comparison, ms, ratio, table

# One call of Compose for each subproject, as `scalr` makes it: $1 is the folder, the rest the command.
COMPOSE = (
    'cd "$1" && shift && exec docker compose --project-name "${PWD##*/}" --env-file ../../.env.shared '
    '--env-file .env.app "$@"'
)
LOOP = f"for folder in apps/*; do sh -c '{COMPOSE}' sh \"$folder\" \"$@\" || exit; done"
FOUR = f"printf '%s\\n' apps/* | xargs -P4 -I FOLDER sh -c '{COMPOSE}' sh FOLDER \"$@\""


@dataclass(frozen=True)
class Tool:
    """How one tool does the five things. `up` builds; `start` does not."""

    name: str
    command: Callable[..., list[str]]
    up: Sequence[str]
    start: Sequence[str]
    down: Sequence[str]
    ps: Sequence[str]

    def case(self, what: Sequence[str], root: Fleet) -> Case:
        return Case(self.name, self.command(*what), root.root)


def run(bench: Bench) -> Section:
    section = Section("orchestrate")
    count = 4 if bench.quick else 20
    trees = bench.trees / "orchestrate"
    with fleet.cleared():
        fleet.base_image(trees)
        many = fleet.make(trees / "fleet", count)
        tools = peers(bench, many)
        section.add(f"### {count} subprojects of two services, one of them built")
        ups, downs = cold(many, tools)
        wide = {jobs: narrow(bench, many, jobs) for jobs in other_widths()}
        section.add("Cold up, images built and cached before, the better of two:\n\n" + walls(ups))
        section.add("Down, the better of two:\n\n" + walls(downs))
        widths = [(f"scalr up -j {jobs}", seconds(wall)) for jobs, wall in wide.items()]
        section.add("Cold up with other widths:\n\n" + table(("", "s"), widths))
        want_cold(section, ups, downs, wide)
        warm(bench, section, many, tools)
    with fleet.cleared():
        fleet.base_image(trees)
        growth(bench, section)
    return section


def peers(bench: Bench, root: Fleet) -> list[Tool]:
    def shell(script: str) -> Callable[..., list[str]]:
        return lambda *what: ["/bin/sh", "-c", script, "sh", *what]

    merged = ["docker", "compose", "-f", str(root.merged / "docker-compose.yml")]
    compose = (["up", "--detach", "--build"], ["up", "--detach"], ["down"], ["ps"])
    scalr = str(bench.scalr)
    tools = [
        Tool("`scalr`", lambda *what: [scalr, *what], ["up"], ["up"], ["down"], ["ps"]),
        Tool("shell loop", shell(LOOP), *compose),
        Tool("`xargs -P4`", shell(FOUR), *compose),
        Tool("one project by `include`", lambda *what: [*merged, *what], *compose),
    ]
    if cupli := bench.peers.get("cupli"):
        home = root.space / "home"
        home.mkdir()
        # It keeps a list of spaces in the home folder, which must not be changed here.
        at_home = 'export HOME="$1" DOCKER_CONFIG="$2"; shift 2; exec "$@"'
        prefix = ["/bin/sh", "-c", at_home, "sh", str(home), fleet.settings_of_docker(), str(cupli.program)]
        space = ["--file", str(root.space / "space.cupli.yaml")]
        command = lambda *what: [*prefix, *space, *what]  # noqa: E731
        tools.append(Tool("cupli, one project", command, ["up", "--detach", "--build"], ["up", "--detach"], ["down"], ["ps"]))
    return tools


def cold(root: Fleet, tools: Sequence[Tool]) -> tuple[list[Case], list[Case]]:
    """Everything up from nothing but images, and down again, by each tool in turn, there and back."""
    ups = [tool.case(tool.up, root) for tool in tools]
    downs = [tool.case(tool.down, root) for tool in tools]
    wanted = 2 * len(root.names)
    # The first one builds, so that the others find images and the builder's cache.
    measure_once(ups[0])
    measure_once(downs[0])
    turns = list(zip(ups, downs, strict=True))
    for up, down in [*turns, *reversed(turns)]:
        up.samples.append(measure_once(up))
        expect(up, wanted)
        down.samples.append(measure_once(down))
        expect(down, 0)
    return ups, downs


def other_widths() -> list[int]:
    """scalr's own width is four times the number of cores."""
    own = 4 * (os.cpu_count() or 2)
    return [own // 2, own * 2]


def narrow(bench: Bench, root: Fleet, jobs: int) -> float:
    sample = measure_once(Case(f"-j {jobs}", [bench.scalr, "up", "-j", str(jobs)], root.root))
    fleet.clear()
    return sample.wall


def expect(case: Case, wanted: int) -> None:
    if (found := fleet.running()) != wanted:
        raise UnexpectedError(f"{case.name}: {found} containers run instead of {wanted}: {case.command()[:9]}")


def want_cold(section: Section, ups: list[Case], downs: list[Case], wide: dict[int, float]) -> None:
    scalr = min(ups[0].walls())
    times = min(ups[1].walls()) / scalr
    section.want("cold up at least 1.6 times as fast as the shell loop", f"{ratio(times)} times", times >= 1.6)
    over = scalr / min([scalr, *wide.values()]) - 1
    section.want("cold up within 10% of the best width", f"{over * 100:.0f}% above", over <= 0.1)
    times = min(downs[1].walls()) / min(downs[0].walls())
    section.want("down at least 1.9 times as fast as the shell loop", f"{ratio(times)} times", times >= 1.9)


def warm(bench: Bench, section: Section, root: Fleet, tools: Sequence[Tool]) -> None:
    """What is asked of subprojects that run. The last two tools know one project of all, so each brings its own up."""
    effort = Effort(3, 1.0) if bench.quick else Effort(10, 20.0)
    own, single = tools[:3], tools[3:]
    cases: dict[str, list[Case]] = {}
    kinds = {"build": lambda tool: tool.up, "plain": lambda tool: tool.start, "ps": lambda tool: tool.ps}
    for together in [own, *([tool] for tool in single)]:
        measure_once(together[0].case(together[0].up, root))
        for kind, what in kinds.items():
            new = [tool.case(what(tool), root) for tool in together]
            for case in new:
                case.before = fleet.rest
            interleave(new, effort)
            cases.setdefault(kind, []).extend(new)
        if together is own:
            change(section, root, own[0], effort)
        fleet.clear()
    section.add("Up again with build, nothing changed:\n\n" + comparison(cases["build"][0], cases["build"][1:]))
    plain = "Up again without build (`scalr up` looks at what goes into images even so), nothing changed:\n\n"
    section.add(plain + comparison(cases["plain"][0], cases["plain"][1:]))
    section.add("ps:\n\n" + comparison(cases["ps"][0], cases["ps"][1:]))
    scalr, loop = cases["build"][:2]
    times = paired(loop.walls(), scalr.walls())
    section.want("up again at least 100 times as fast as the loop", f"{ratio(times)} times", times >= 100)
    times = paired(cases["ps"][1].walls(), cases["ps"][0].walls())
    section.want("ps at least 30 times as fast as the loop", f"{ratio(times)} times", times >= 30)


def change(section: Section, root: Fleet, scalr: Tool, effort: Effort) -> None:
    """One file of one subproject changes."""
    serial = itertools.count()

    def touch() -> None:
        root.changing().write_text(f"change {next(serial)}\n")
        fleet.rest()

    everything = scalr.case(scalr.up, root)
    one = Case(
        "that one `docker compose up --build`",
        ["/bin/sh", "-c", COMPOSE, "sh", f"apps/{root.names[0]}", "up", "--detach", "--build"],
        root.root,
    )
    for case in (everything, one):
        case.before = touch
    interleave([everything, one], effort)
    section.add("One file of one subproject changed:\n\n" + comparison(everything, [one]))
    middle = [sorted(case.walls())[len(case.walls()) // 2] for case in (everything, one)]
    more = middle[0] - middle[1]
    what = "a change in one file: at most that one call of Compose and 100 ms"
    section.want(what, f"{'+' if more >= 0 else ''}{ms(more)} ms", more <= 0.1)


def growth(bench: Bench, section: Section) -> None:
    """Up again, nothing changed, with more and more subprojects that all run."""
    counts = [5, 10, 20] if bench.quick else [25, 50, 100]
    root = fleet.make_small(bench.trees / "orchestrate/growth", counts[-1])
    measure_once(Case("up", [bench.scalr, "up"], root.root))
    rows, leasts = [], []
    for count in counts:
        fleet.register(root, count)
        case = Case(f"{count}", [bench.scalr, "up"], root.root)
        interleave([case], Effort(15, 10.0))
        middle = sorted(case.walls())[len(case.samples) // 2]
        # What disturbs only adds, and it is more than 25 subprojects cost.
        leasts.append(min(case.walls()))
        rows.append((str(count), ms(leasts[-1]), ms(middle), f"{peak_memory(case):.0f}"))
    head = ("Subprojects of one service", "least ms", "median ms", "peak MiB")
    section.add("### Growth\n\nUp again, nothing changed:\n\n" + table(head, rows))
    # How much dearer each further one is in the second half than in the first.
    gaps = zip(itertools.pairwise(leasts), itertools.pairwise(counts), strict=True)
    each = [(after - before) / (many - few) for (before, after), (few, many) in gaps]
    times = each[1] / each[0] if each[0] > 0 else 1.0
    what = f"linear growth to {counts[-1]} subprojects"
    measured = f"each further one costs {ms(each[0])} ms up to {counts[1]}, then {ms(each[1])} ms"
    section.want(what, measured, times <= 1.5)
    peak = float(rows[-1][-1])
    section.want(f"peak memory below 60 MB at {counts[-1]} subprojects", f"{peak * 1.048576:.0f} MB", peak * 1.048576 < 60)


def walls(cases: Sequence[Case]) -> str:
    base = min(cases[0].walls())
    rows = [(case.name, seconds(min(case.walls())), ratio(min(case.walls()) / base)) for case in cases]
    return table(("", "s", "x"), rows)


def seconds(value: float) -> str:
    return f"{value:.1f}"
