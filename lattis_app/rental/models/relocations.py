"""Moves of bins between two sites of a customer that are planned for a day, as somebody's job."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from lattis_app.core.columns import STATUS, one_of
from lattis_app.core.db import Record
from lattis_app.rental.statuses import RelocationStatus


class RentalRelocation(Record, table=True):
    """A bin to be taken to another site; an order has at most one that is planned."""

    __tablename__ = "rental_relocations"
    __table_args__ = (
        one_of("status", RelocationStatus),
        Index(
            "uq_rental_relocations_planned",
            "delivery_order_id",
            unique=True,
            postgresql_where=text("status = 'planned'"),
        ),
        Index("ix_rental_relocations_delivery_order_id", "delivery_order_id", "scheduled_at"),
        Index("ix_rental_relocations_scheduled_on", "scheduled_on", "scheduled_at"),
        Index("ix_rental_relocations_driver_id", "driver_id", "scheduled_on"),
        Index("ix_rental_relocations_lorry_id", "lorry_id", "scheduled_on"),
        Index("ix_rental_relocations_status", "status", "scheduled_at", "id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("delivery_order_id",)

    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id")
    driver_id: UUID | None = Field(default=None, foreign_key="rental_drivers.id")
    lorry_id: UUID | None = Field(default=None, foreign_key="rental_lorries.id")
    from_address: str = Field(default="", max_length=2000)
    site_address: str = Field(max_length=2000)
    area: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=60)
    scheduled_at: datetime
    scheduled_on: date
    reason: str = Field(default="", max_length=2000)
    status: str = Field(default=RelocationStatus.PLANNED, max_length=20)
    done_at: datetime | None = None
    cancel_reason: str = Field(default="", max_length=500)
