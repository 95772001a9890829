"""The calendar of bookings: how much there is to do on each day, and what takes the bins."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lattis_app.core.schemas import Out
from lattis_app.rental.schemas.dispatch import JobKind
from lattis_app.rental.schemas.parts import BinSize


class SizeOn(Out):
    """One size on one day: of its bins, how many are out or promised and how many more are asked for."""

    size: BinSize
    bins: int
    taken: int
    wanted: int

    @property
    def free(self) -> int:
        """How many could still be promised."""
        return max(0, self.bins - self.taken)

    @property
    def short(self) -> int:
        """How many are missing for all that is taken and asked for."""
        return max(0, self.taken + self.wanted - self.bins)


class CalendarJob(Out):
    """A booking or a delivery order in the calendar; `status` is the booking's, or the driver's side of the order."""

    kind: JobKind
    id: UUID
    at: datetime
    on: date
    customer: str
    size: BinSize
    area: str
    status: str
    driver_name: str | None
    is_exchange: bool


class CalendarDay(Out):
    """A day: its jobs, how many of them wait for a driver, and every size of bin."""

    on: date
    jobs: int
    waiting: int
    sizes: list[SizeOn]


class TakenBy(StrEnum):
    """Why a bin is not free."""

    OUT = "out"
    PROMISED = "promised"
    WANTED = "wanted"


class Taker(Out):
    """What takes a bin on a day; `id` is that of a booking or, for a bin that is out, of its order if it has one."""

    by: TakenBy
    kind: JobKind
    id: UUID | None
    number: str
    customer: str
    bin: str
    since: date | None
    until: date | None
