"""Cash that drivers hand over at the office."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.columns import STATUS, one_of
from lattis_app.core.db import Record
from lattis_app.rental.statuses import HandOverStatus

NUMBER = text("number_in_order(hand_over_number)")


class RentalHandOver(Record, table=True):
    """What a driver held by the books, what the office counted, and who agreed to it. One at a time is unsigned."""

    __tablename__ = "rental_hand_overs"
    __table_args__ = (
        one_of("status", HandOverStatus),
        CheckConstraint("expected_minor > 0 AND counted_minor >= 0", name="amounts"),
        CheckConstraint("counted_minor = expected_minor OR note <> ''", name="note"),
        Index("uq_rental_hand_overs_hand_over_number", NUMBER, unique=True),
        Index(
            "uq_rental_hand_overs_unsigned",
            "driver_id",
            unique=True,
            postgresql_where=text("status = 'counted'"),
        ),
        Index("ix_rental_hand_overs_driver_id", "driver_id", NUMBER),
        Index("ix_rental_hand_overs_status", "status", NUMBER),
        Index("ix_rental_hand_overs_counted_on", "counted_on", NUMBER),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("hand_over_number",)

    hand_over_number: str = Field(max_length=30)
    driver_id: UUID = Field(foreign_key="rental_drivers.id")
    status: str = Field(default=HandOverStatus.COUNTED, max_length=20)
    currency: str = Field(default="MYR", max_length=3)
    expected_minor: int = Field(sa_type=BigInteger)
    counted_minor: int = Field(sa_type=BigInteger)
    note: str = Field(default="", max_length=2000)
    counted_at: datetime = Field(default_factory=clock.now)
    counted_on: date
    counted_by: str = Field(default="", max_length=200)
    signed_at: datetime | None = None
    signed_by: str = Field(default="", max_length=200)
    cancelled_at: datetime | None = None
    cancellation: str = Field(default="", max_length=500)
