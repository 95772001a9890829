"""Bookings: what customers ask for, and how it was assigned."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core.columns import STATUS, one_of
from lattis_app.core.db import Record
from lattis_app.rental.models.parts import feet
from lattis_app.rental.statuses import BookingStatus

PLACE = "lower(replace(replace(area, ' ', ''), '_', ''))"
"""An area as `queries.bins.place` compares it."""


class RentalBooking(Record, table=True):
    """A bin of a size wanted on a day. `expected_return_on` is when that bin should be free again."""

    __tablename__ = "rental_bookings"
    __table_args__ = (
        one_of("status", BookingStatus),
        CheckConstraint("h_ft > 0 AND l_ft > 0 AND w_ft > 0", name="size"),
        CheckConstraint("expected_return_on >= scheduled_on", name="expected_return_on"),
        Index("uq_rental_bookings_number", text("number_in_order(number)"), unique=True),
        Index("ix_rental_bookings_number_start", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_rental_bookings_status", "status", "scheduled_on", "id"),
        Index("ix_rental_bookings_scheduled_on", "scheduled_on", "created_at"),
        Index("ix_rental_bookings_customer_id", "customer_id", "scheduled_on"),
        Index("ix_rental_bookings_driver_id", "driver_id", "scheduled_on"),
        Index("ix_rental_bookings_lorry_id", "lorry_id", "scheduled_on"),
        Index("ix_rental_bookings_place", text(PLACE), "scheduled_on", postgresql_include=["area"]),
        Index("ix_rental_bookings_scheduled_at", "scheduled_at", "created_at"),
        Index("ix_rental_bookings_status_created_at", "status", "created_at"),
        Index("ix_rental_bookings_created_at", "created_at"),
        Index("ix_rental_bookings_created_by_id", "created_by_id", "scheduled_on"),
        Index("ix_rental_bookings_size", "h_ft", "l_ft", "w_ft", "scheduled_on"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("number",)

    number: str = Field(max_length=30)
    customer_id: UUID = Field(foreign_key="rental_customers.id")
    h_ft: Decimal = Field(sa_column=feet())
    l_ft: Decimal = Field(sa_column=feet())
    w_ft: Decimal = Field(sa_column=feet())
    area: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=60)
    site_address: str = Field(default="", max_length=2000)
    scheduled_at: datetime
    scheduled_on: date
    expected_return_on: date
    notes: str = Field(default="", max_length=2000)
    status: str = Field(default=BookingStatus.PENDING, max_length=20)
    driver_id: UUID | None = Field(default=None, foreign_key="rental_drivers.id")
    lorry_id: UUID | None = Field(default=None, foreign_key="rental_lorries.id")
    assigned_at: datetime | None = None
    cancel_reason: str = Field(default="", max_length=500)
    created_by_id: UUID | None = None
