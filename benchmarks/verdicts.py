"""What was measured, its target, and whether it is met: one line of the table each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

REPEATS = 5


@dataclass(frozen=True)
class Verdict:
    """One measured number beside its target. `kept` says which side of the target is good."""

    what: str
    app: str
    against: str
    measured: float
    target: float
    kept: str
    unit: str = "×"

    @property
    def met(self) -> bool:
        """Whether the target is kept."""
        return self.measured >= self.target if self.kept == "≥" else self.measured <= self.target


def side_by_side(
    ours: Callable[[], float], theirs: Callable[[], float], repeats: int = REPEATS
) -> tuple[float, float, float]:
    """Measure two things by turns; the median of each and the median of the ratios of neighbours.

    Turns keep what else the machine does from falling on one of them only; the first turn warms up and counts not.
    """
    pairs = []
    for turn in range(repeats + 1):
        first, second = (ours, theirs) if turn % 2 else (theirs, ours)
        one, other = first(), second()
        pairs.append((one, other) if first is ours else (other, one))
    counted = pairs[1:]
    return (
        median(our for our, _ in counted),
        median(their for _, their in counted),
        median(our / their for our, their in counted),
    )


def table(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as text."""
    head = ("what", "app", "against", "measured", "target", "")
    rows = [
        (
            each.what,
            each.app,
            each.against,
            f"{each.measured:.2f} {each.unit}",
            f"{each.kept} {each.target:g} {each.unit}",
            "met" if each.met else "MISSED",
        )
        for each in verdicts
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_json(verdicts: Sequence[Verdict]) -> str:
    """The verdicts for programs."""
    return json.dumps([asdict(each) | {"met": each.met} for each in verdicts], ensure_ascii=False, indent=2)
