"""Bookings as they are typed, changed, assigned, filtered and shown (seed: "Booking Management")."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Changes, Entry, LongText, Out, Reason, ServiceMoment, Span, any_of
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import BookingStatus

Place = Annotated[str, Field(max_length=60), CLEAN]
HireDays = Annotated[int, Field(ge=1, le=365)]


class BookingEntry(Entry):
    """A bin of a size wanted at a time; without `hire_days` it stays as long as the business's usual hire."""

    customer_id: UUID
    requested_bin_size: BinSize
    scheduled_at: ServiceMoment
    area: Place = ""
    state: Place = ""
    site_address: LongText | None = None
    notes: LongText | None = None
    hire_days: HireDays | None = None


class BookingChanges(Changes):
    """What to change about a booking; `status` confirms or cancels it (the latter with a reason)."""

    clearable = {"area": "", "state": "", "site_address": "", "notes": "", "reason": None}

    requested_bin_size: BinSize | None = None
    scheduled_at: ServiceMoment | None = None
    hire_days: HireDays | None = None
    area: Place | None = None
    state: Place | None = None
    site_address: LongText | None = None
    notes: LongText | None = None
    status: Literal[BookingStatus.CONFIRMED, BookingStatus.CANCELLED] | None = None
    reason: Reason | None = None


class BookingCancelEntry(Entry):
    """Why a booking will not happen."""

    reason: Reason


class AssignmentEntry(Entry):
    """Who drives it, with which lorry."""

    driver_id: UUID
    lorry_id: UUID


class BookingFilters(Span):
    """Which bookings to list, by their service date. `q` begins a number or is part of a customer's name.

    Several statuses are separated by commas.
    """

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[BookingStatus, ...], any_of(BookingStatus)] = ()
    area: Place = ""
    customer_id: UUID | None = None
    driver_id: UUID | None = None


class BookingOut(Out):
    """A booking, and the delivery order made from it."""

    id: UUID
    number: str
    customer_id: UUID
    customer_name: str
    requested_bin_size: BinSize
    area: str
    state: str
    site_address: str
    scheduled_at: datetime
    scheduled_on: date
    expected_return_on: date
    notes: str
    status: BookingStatus
    driver_id: UUID | None
    driver_name: str | None
    lorry_id: UUID | None
    lorry_registration_no: str | None
    assigned_at: datetime | None
    cancel_reason: str
    delivery_order_id: UUID | None
    delivery_order_number: str | None
    created_at: datetime
    updated_at: datetime
