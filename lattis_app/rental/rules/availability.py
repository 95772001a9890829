"""When bins of a size are free. A bin is out from its first day up to, not including, the day it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Hire:
    """A bin taken from a day on; `until` is the first day it is free again, None while nobody knows."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the bin is out on this day."""
        return self.since <= day and (self.until is None or day < self.until)


def free_on(bins: int, hires: Iterable[Hire], day: date) -> int:
    """How many of the bins are free on a day; never less than none."""
    return max(0, bins - sum(hire.covers(day) for hire in hires))


def free_throughout(bins: int, hires: Sequence[Hire], since: date, until: date) -> bool:
    """Whether one more bin can be taken for the whole span: the last day is the one before `until`."""
    starts = {since, *(hire.since for hire in hires if since <= hire.since < until)}
    return all(free_on(bins, hires, day) > 0 for day in starts)


def next_free(bins: int, hires: Sequence[Hire], since: date, days: int) -> date | None:
    """The first day from `since` on which one more hire of so many days fits; None when nobody knows."""
    returns = {hire.until for hire in hires if hire.until is not None and hire.until > since}
    for day in sorted({since, *returns}):
        if free_throughout(bins, hires, day, day + timedelta(days=days)):
            return day
    return None
