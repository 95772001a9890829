"""A driver's day as a phone keeps it for when there is no connection."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lattis_app.core.schemas import MoneyOut, Out
from lattis_app.rental.statuses import FulfilmentStatus, PaymentMethod


class DayJobOut(Out):
    """An open job with all that is needed to do it; `to_pay` is what is still owed, tax included."""

    id: UUID
    number: str
    fulfilment_status: FulfilmentStatus
    company_name: str
    site_address: str
    area: str
    phone: str
    do_by_name: str
    notes: str
    bin_serial_number: str
    bin_size: str
    exchanged_serial_number: str
    lorry_id: UUID | None
    lorry_registration_no: str
    payment_method: PaymentMethod
    to_pay: MoneyOut
    photo_count: int
    scheduled_at: datetime
    service_on: date
    expected_return_on: date


class DayMoveOut(Out):
    """A bin to be moved to another site, with all that is needed to do it."""

    id: UUID
    number: str
    company_name: str
    do_by_name: str
    phone: str
    bin_serial_number: str
    bin_size: str
    from_address: str
    site_address: str
    area: str
    lorry_registration_no: str
    notes: str
    scheduled_at: datetime
    scheduled_on: date


class DayLorryOut(Out):
    """A lorry that can be chosen for a job."""

    id: UUID
    registration_no: str


class DriverDayOut(Out):
    """The open jobs, the bins to move, and the lorries to choose from where a job has none."""

    driver_id: UUID
    today: date
    time_zone: str
    photos_required: int
    jobs: list[DayJobOut]
    moves: list[DayMoveOut]
    lorries: list[DayLorryOut]
