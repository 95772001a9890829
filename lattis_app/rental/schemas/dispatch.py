"""What the dispatcher sees of a day, whom a job could be given to, and who gets it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lattis_app.core.schemas import Entry, Out
from lattis_app.rental.rules.assignments import clear_lorry
from lattis_app.rental.schemas.bins import ForecastOut
from lattis_app.rental.schemas.bookings import BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow
from lattis_app.rental.schemas.drivers import DriverOut
from lattis_app.rental.schemas.lorries import LorryOut
from lattis_app.rental.schemas.transfers import RelocationOut


class JobKind(StrEnum):
    """What a job on the board is: a promise to a customer, the delivery order made from it, or the move of its bin."""

    BOOKING = "booking"
    ORDER = "order"
    RELOCATION = "relocation"


class Board(Out):
    """A day: what waits for a driver, what has one, what earlier days left behind, and the active drivers.

    `ahead` counts the bookings without a driver on each day of the coming week; `free` tells of each size how many bins
    are free on the day. `left` are orders that were not delivered, `late` those whose bin should be back; why a trip
    was in vain is in `reasons`, by order.
    """

    day: date
    ahead: dict[date, int]
    free: list[ForecastOut]
    waiting: list[BookingOut]
    promised: list[BookingOut]
    orders: list[DeliveryOrderRow]
    moves: list[RelocationOut]
    forgotten: list[BookingOut]
    left: list[DeliveryOrderRow]
    late: list[DeliveryOrderRow]
    reasons: dict[UUID, str]
    drivers: list[DriverOut]


class JobOut(Out):
    """A booking, a delivery order or a move as something to drive; its record is that of `record_id`."""

    kind: JobKind
    id: UUID
    record_id: UUID
    number: str
    customer: str
    bin: str
    site_address: str
    area: str
    scheduled_at: datetime
    scheduled_on: date
    driver_id: UUID | None
    driver_name: str | None
    lorry_id: UUID | None
    lorry_registration_no: str | None


class AssignableDriver(Out):
    """A driver with the jobs and lorries of the job's day; `free` has neither a clash nor a full day."""

    id: UUID
    name: str
    jobs: int
    jobs_per_day: int
    lorry_ids: frozenset[UUID]
    free: bool


class AssignableLorry(Out):
    """A lorry that may drive on the job's day; `free` is on no other job at its time."""

    id: UUID
    registration_no: str
    type: str
    jobs: int
    free: bool


class Assignment(Out):
    """A job and who could take it, the best first; `left_out` are the lorries that may not drive that day."""

    job: JobOut
    drivers: list[AssignableDriver]
    lorries: list[AssignableLorry]
    left_out: list[LorryOut]

    def lorry_of(self, driver_id: UUID) -> UUID | None:
        """The lorry this driver would take, where it is clear."""
        usable = {each.id for each in self.lorries}
        own = next((each.lorry_ids for each in self.drivers if each.id == driver_id), frozenset())
        return clear_lorry(own & usable, [each.id for each in self.lorries if each.free])


class HandingEntry(Entry):
    """Who gets a job; without a lorry the one that is clear. `from_driver_id` had it on the board that was looked at."""

    driver_id: UUID
    lorry_id: UUID | None = None
    from_driver_id: UUID | None = None


class PassingOnEntry(HandingEntry):
    """Who gets a job that somebody has; `from_driver_id` is who that was when the caller looked."""

    from_driver_id: UUID


class TakingBackEntry(Entry):
    """From whom a job is taken; `from_driver_id` is who had it when the caller looked."""

    from_driver_id: UUID
