"""Periods and shares of reports (contract: rental.md, "Reports")."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

LONGEST = {"daily": 62, "weekly": 370}


class Granularity(StrEnum):
    """How long the periods of a report are."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """One period inside the report's span: `2026-03-16`, `2026-W12` or `2026-03`."""

    name: str
    from_on: date
    to_on: date


def fitting(since: date, until: date) -> Granularity:
    """Days for two months, weeks for a year, months beyond."""
    days = (until - since).days + 1
    return next((Granularity(name) for name, most in LONGEST.items() if days <= most), Granularity.MONTHLY)


def periods(since: date, until: date, granularity: Granularity) -> list[Period]:
    """Every period from one day to another without a gap; the first and last are cut at these days."""
    name, following = _STEPS[granularity]
    found, start = [], since
    while start <= until:
        next_start = following(start)
        found.append(Period(name(start), start, min(next_start - timedelta(days=1), until)))
        start = next_start
    return found


def count_periods(since: date, until: date, granularity: Granularity) -> int:
    """About how many periods there are."""
    return (until - since).days // {"daily": 1, "weekly": 7, "monthly": 28}[granularity] + 1


def place_of(day: date, starts: Sequence[date]) -> int:
    """Which period a day falls into, by the first days of all."""
    return bisect_right(starts, day) - 1


def share(part: int, whole: int) -> Decimal:
    """A part in percent of the whole, to one decimal."""
    return rounded(Decimal(100 * part) / whole if whole else Decimal(0))


def hours(seconds: Decimal | int) -> Decimal:
    """Seconds as hours, to one decimal."""
    return rounded(Decimal(seconds) / 3600)


def rounded(value: Decimal) -> Decimal:
    """Half-up to one decimal."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


_STEPS: dict[Granularity, tuple[Callable[[date], str], Callable[[date], date]]] = {
    Granularity.DAILY: (date.isoformat, lambda day: day + timedelta(days=1)),
    Granularity.WEEKLY: (
        lambda day: "{}-W{:02}".format(*day.isocalendar()[:2]),
        lambda day: day + timedelta(days=7 - day.weekday()),
    ),
    Granularity.MONTHLY: (lambda day: f"{day:%Y-%m}", _next_month),
}
