"""`scalr --version`: what starting costs, beside starting a program that does nothing."""

from __future__ import annotations

from statistics import median

from bench import Bench
from measure import Case, interleave
from report import Section, comparison, ms


def run(bench: Bench) -> Section:
    section = Section("startup")
    version = Case("`scalr --version`", [bench.scalr, "--version"], bench.work)
    nothing = Case("`true` (coreutils)", ["/bin/true"], bench.work)
    interleave([version, nothing], bench.effort(rounds=50))
    section.add(comparison(version, [nothing]))
    cpu = median(version.cpus())
    section.want("`scalr --version` below 4 ms of CPU time", f"{ms(cpu)} ms", cpu < 0.004)
    return section
