"""Measurements as Markdown: tables, what was wanted and whether it held, and their places in docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from measure import Case, paired


@dataclass(frozen=True)
class Wanted:
    """Something that was wanted, and what this run says of it. `held` is None without a peer."""

    what: str
    measured: str
    held: bool | None


@dataclass
class Section:
    """One comparison: the text between its two markers in docs/performance.md."""

    key: str
    parts: list[str] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)

    def want(self, what: str, measured: str, held: bool | None) -> None:
        self.wanted.append(Wanted(what, measured, held))

    def text(self) -> str:
        words = {True: "yes", False: "**no**", None: "not judged"}
        rows = [(one.what, one.measured, words[one.held]) for one in self.wanted]
        return "\n\n".join([*self.parts, table(("Wanted", "Measured", "Held in this run"), rows)])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; every column but the first is aligned to the right if all of it is numbers."""
    numeric = [all(row[at][:1].isdigit() or row[at] in ("", "-") for row in rows) for at in range(len(head))]
    rules = ["---:" if is_numeric and at else "---" for at, is_numeric in enumerate(numeric)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rules, *rows])


def comparison(base: Case, others: Sequence[Case], memory: dict[str, float] | None = None) -> str:
    """Cases beside the one that they are compared with. Times in ms, minimum / median of n runs."""
    head = ["", "n", "CPU ms", "wall ms", "x CPU", "x wall"] + (["peak MiB"] if memory else [])
    rows = []
    for case in [base, *others]:
        row = [
            case.name,
            str(len(case.samples)),
            spread(case.cpus()),
            spread(case.walls()),
            ratio(paired(case.cpus(), base.cpus())),
            ratio(paired(case.walls(), base.walls())),
        ]
        if memory:
            row.append(f"{memory[case.name]:.0f}" if case.name in memory else "-")
        rows.append(row)
    return table(head, rows)


def spread(seconds: Sequence[float]) -> str:
    return f"{ms(min(seconds))} / {ms(median(seconds))}"


def ms(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def mark(key: str, end: bool = False) -> str:
    return f"<!-- {'/' if end else ''}bench:{key} -->"


def write(document: Path, sections: dict[str, str]) -> None:
    """Puts each section between its markers; the rest of the document is left as it is."""
    text = document.read_text()
    for key, content in sections.items():
        before, begin, rest = text.partition(mark(key))
        _, end, after = rest.partition(mark(key, end=True))
        if not begin or not end:
            raise SystemExit(f"{document.name} lacks {mark(key)} or {mark(key, end=True)}")
        text = f"{before}{begin}\n\n{content}\n\n{end}{after}"
    document.write_text(text)
