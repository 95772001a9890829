"""What every report is asked, and the shape of every answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from lattis_app.core import clock
from lattis_app.core.schemas import CLEAN, NUMBER, Out, Span
from lattis_app.rental.rules.reports import Granularity, fitting

DAYS = 30
MOST_ROWS = 1_000
Place = Annotated[str, Field(max_length=60), CLEAN]
Tenths = Annotated[Decimal, *NUMBER]
"""Hours or percent, to one decimal."""
T = TypeVar("T", bound=Out)
R = TypeVar("R", bound=Out)


class StandingFilters(Span):
    """How things stand now. `from` and `to` narrow only what has a day of its own; without them it is everything."""


class NowFilters(StandingFilters):
    """How things stand now. `from` and `to` are understood, but nothing of it has a day of its own."""


class ReportFilters(Span):
    """From one business date to another, both included; without them the last thirty days."""

    @property
    def until(self) -> date:
        """The last day."""
        return self.to_on or max(clock.today(), self.from_on or date.min)

    @property
    def since(self) -> date:
        """The first day."""
        return self.from_on or self.until - timedelta(days=DAYS - 1)


class PeriodFilters(ReportFilters):
    """A span in periods; without `granularity` days, weeks or months, whichever fit the span."""

    granularity: Granularity | None = None

    @property
    def step(self) -> Granularity:
        """How long the periods are."""
        return self.granularity or fitting(self.since, self.until)


class ReportOut(Out, Generic[T, R]):
    """A report: its span, its totals over all rows, and the rows; at most 1,000 of `rows_in_all`."""

    from_on: date | None
    to_on: date | None
    totals: T
    rows: list[R]
    rows_in_all: int


class PeriodOut(Out):
    """One period: its name, its first and its last day."""

    period: str
    from_on: date
    to_on: date


class CustomerFilters(ReportFilters):
    """A span, of one customer or of all."""

    customer_id: UUID | None = None


class CustomerStandingFilters(StandingFilters):
    """How things stand with one customer or with all, by the day of issue."""

    customer_id: UUID | None = None


class DriverFilters(ReportFilters):
    """A span, of one driver or of all."""

    driver_id: UUID | None = None


class AreaFilters(ReportFilters):
    """A span in one area or in all; case, spaces and underscores don't matter."""

    area: Place = ""
    state: Place = ""


class AreaStandingFilters(NowFilters):
    """How things stand in one area or in all; case, spaces and underscores don't matter."""

    area: Place = ""
    state: Place = ""
