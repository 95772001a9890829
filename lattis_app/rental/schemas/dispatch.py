"""What the dispatcher sees of a day, and whom a booking could be given to."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lattis_app.core.schemas import Out
from lattis_app.rental.schemas.bookings import BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow
from lattis_app.rental.schemas.drivers import DriverOut
from lattis_app.rental.schemas.lorries import LorryOut


class Board(Out):
    """A day: bookings without a driver, bookings and orders with one, late bins, and the active drivers.

    `ahead` counts the bookings without a driver on each day of the coming week.
    """

    day: date
    ahead: dict[date, int]
    waiting: list[BookingOut]
    promised: list[BookingOut]
    orders: list[DeliveryOrderRow]
    late: list[DeliveryOrderRow]
    drivers: list[DriverOut]


class AssignableDriver(Out):
    """A driver with the jobs of the booking's day; `free` has neither a clash nor a full day."""

    id: UUID
    name: str
    jobs: int
    jobs_per_day: int
    free: bool


class AssignableLorry(Out):
    """A lorry that may drive on the booking's day; `free` is on no other job at its time."""

    id: UUID
    registration_no: str
    type: str
    jobs: int
    free: bool


class Assignment(Out):
    """A booking and who could take it, the best first; `left_out` are those that may not drive that day."""

    booking: BookingOut
    drivers: list[AssignableDriver]
    lorries: list[AssignableLorry]
    left_out: list[LorryOut]
