"""Runs commands in turns and measures each child: wall time, CPU time, peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


class UnexpectedError(Exception):
    """A measured command did not do what it was measured for."""


@dataclass(frozen=True)
class Sample:
    """One run, in seconds. `cpu` is user + system time of the process and of the children it waited for."""

    wall: float
    cpu: float


@dataclass
class Case:
    """A command that is measured. `before` and `after` run outside of the measured time."""

    name: str
    argv: Sequence[str | Path] | Callable[[], Sequence[str | Path]]
    cwd: Path
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    samples: list[Sample] = field(default_factory=list)

    def walls(self) -> list[float]:
        return [sample.wall for sample in self.samples]

    def cpus(self) -> list[float]:
        return [sample.cpu for sample in self.samples]

    def command(self) -> list[str]:
        return [str(part) for part in (self.argv() if callable(self.argv) else self.argv)]


FORGOTTEN = 10.0
"""After how many seconds a case's files may no longer be in memory: some systems reclaim unused memory."""


@dataclass(frozen=True)
class Effort:
    """How often a case is measured: `rounds` times, but no further once it has cost `budget` seconds."""

    rounds: int
    budget: float

    def is_enough(self, case: Case) -> bool:
        done = len(case.samples)
        spent = sum(case.walls())
        # Two runs at least, so that a minimum and a median are more than the same number, unless one lasts for ages.
        return done >= self.rounds or spent >= 2 * self.budget or (done >= 2 and spent >= self.budget)


def environment() -> dict[str, str]:
    """The children's environment: this one, without what changes a measured tool's work or output."""
    unwanted = ("GITHUB_", "SCALR_", "GIT_", "PYTHON", "CLICOLOR", "COMPLETE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}
    return kept | {"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}


def run(case: Case) -> Sample:
    """Runs a case once. Starting the process is part of the wall time."""
    if case.before:
        case.before()
    command = case.command()
    begin = time.perf_counter()
    child = start(command, case.cwd)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    try:
        if case.after:
            case.after()
    finally:
        # Printed first, since it is the cause of later errors.
        if child.returncode != 0:
            raise UnexpectedError(f"{case.name} ended with {child.returncode}: {' '.join(command)[:300]}")
    return Sample(wall, usage.ru_utime + usage.ru_stime)


def start(command: Sequence[str], cwd: Path) -> subprocess.Popen[bytes]:
    null = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=cwd, stdin=null, stdout=null, stderr=null, env=environment())


def interleave(cases: Sequence[Case], effort: Effort) -> None:
    """Measures cases in turns (A B, B A, A B, …), so that other load on the machine affects all of them.

    Each case runs once before, so that files are in the page cache and byte code is compiled. That run counts only
    where it lasts so long that this makes no difference. A short case that has waited for a long one runs once more:
    meanwhile the system may have let go of its files.
    """
    is_long = {}
    ended = {}
    for case in cases:
        first = run(case)
        ended[case.name] = time.monotonic()
        is_long[case.name] = first.wall > effort.budget / 4
        if is_long[case.name]:
            case.samples.append(first)
    rounds = 0
    while pending := [case for case in cases if not effort.is_enough(case)]:
        for case in pending if rounds % 2 == 0 else reversed(pending):
            if not is_long[case.name] and time.monotonic() - ended[case.name] > FORGOTTEN:
                run(case)
            case.samples.append(run(case))
            ended[case.name] = time.monotonic()
        rounds += 1


def paired(values: Sequence[float], base: Sequence[float]) -> float:
    """The median over the rounds of how many times as much a case cost as the base did in the same round."""
    return median(value / other for value, other in zip(values, base, strict=False))


def peak_memory(case: Case) -> float:
    """The most memory that one run of a case held at a time, in MiB.

    `ru_maxrss` can't tell: a child inherits it from the process that started it, and a Python is larger than most
    of what is measured here. The kernel's high-water mark of the child's own address space (VmHWM) is read every
    half millisecond instead, in a run of its own that is not timed. It is of one process, not of its children.
    """
    if case.before:
        case.before()
    try:
        # Popen returns when the child has become the program, so none of what is read is this Python's.
        child = start(case.command(), case.cwd)
        peak = 0
        while child.poll() is None:
            peak = max(peak, high_water(child.pid))
            time.sleep(0.0005)
    finally:
        if case.after:
            case.after()
    return peak / 1024


def high_water(pid: int) -> int:
    """VmHWM in KiB; 0 when the process has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM:"))
    return next((int(line[1]) for line in lines), 0)
