"""Weeks of the marketplace: Monday 00:00 to the next Monday 00:00 in Europe/Skopje (contract: marketplace.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Skopje"
LAST_DEADLINE_DAY = 5
"""Friday, Monday counted as day 1."""


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """One week, by its Monday."""

    starts_on: date

    def __post_init__(self) -> None:
        if self.starts_on.weekday() != 0:
            raise ValueError(f"{self.starts_on} is no Monday")

    @property
    def ends_on(self) -> date:
        """Its Sunday."""
        return self.starts_on + timedelta(days=6)

    @property
    def starts_at(self) -> datetime:
        """Its first moment, in UTC."""
        return _midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it, in UTC; 167 or 169 hours later where the clocks change."""
        return _midnight(self.starts_on + timedelta(days=7))

    @property
    def text(self) -> str:
        """ISO year and week: `2026-47`; at New Year the year of its Thursday."""
        year, week, _ = self.starts_on.isocalendar()
        return f"{year}-{week:02}"

    @property
    def following(self) -> Week:
        """The week after."""
        return Week(self.starts_on + timedelta(days=7))

    @property
    def before(self) -> Week:
        """The week before."""
        return Week(self.starts_on - timedelta(days=7))


def week_of(day: date) -> Week:
    """The week a business date falls in."""
    return Week(day - timedelta(days=day.weekday()))


def week_at(moment: datetime) -> Week:
    """The week a moment falls in."""
    return week_of(moment.astimezone(ZoneInfo(ZONE)).date())


def last_ended(moment: datetime) -> Week:
    """The latest week that is over at a moment."""
    return week_at(moment).before


def parse_week(text: str) -> Week:
    """Read `2026-47` or the date of any of its days. Raises ValueError."""
    year, _, number = text.partition("-")
    if len(year) == 4 and year.isdigit() and number.isdigit() and len(number) == 2:
        return Week(date.fromisocalendar(int(year), int(number), 1))
    return week_of(date.fromisoformat(text))


def due_on(generated_on: date, deadline_days: int) -> date:
    """The last day to pay: that weekday of the week of generation, or of the next one when it is over already."""
    this_week = week_of(generated_on).starts_on + timedelta(days=deadline_days - 1)
    return this_week if this_week >= generated_on else this_week + timedelta(days=7)


def days_overdue(due: date, today: date) -> int:
    """How many days ago it should have been paid; 0 while there is time."""
    return max((today - due).days, 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(ZONE)).astimezone(UTC)
