"""What every comparison is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from measure import Effort
from peers import Peer


@dataclass(frozen=True)
class Bench:
    """The program, its peers and the place to work in."""

    scalr: Path
    peers: dict[str, Peer]
    work: Path
    # The manifest schema that all validators use, and that every generated repository holds.
    schema: str
    quick: bool

    @property
    def trees(self) -> Path:
        return self.work / "trees"

    def effort(self, rounds: int) -> Effort:
        return Effort(min(rounds, 3), budget=3.0) if self.quick else Effort(rounds, budget=60.0)
