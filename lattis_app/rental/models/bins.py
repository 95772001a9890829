"""Bins and their movements."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.columns import STATUS, one_of
from lattis_app.core.db import APPEND_ONLY, Record
from lattis_app.rental.models.parts import feet
from lattis_app.rental.statuses import BinStatus, MovementType


class RentalBin(Record, table=True):
    """A bin: what it is, and where and with whom it is now."""

    __tablename__ = "rental_bins"
    __table_args__ = (
        one_of("status", BinStatus),
        CheckConstraint("h_ft > 0 AND l_ft > 0 AND w_ft > 0", name="size"),
        Index("uq_rental_bins_serial_number", "serial_number", unique=True),
        Index(
            "ix_rental_bins_serial_number_start",
            "serial_number",
            postgresql_ops={"serial_number": "text_pattern_ops"},
        ),
        Index("ix_rental_bins_status", "status", "serial_number"),
        Index("ix_rental_bins_size", "h_ft", "l_ft", "w_ft", "status"),
        Index("ix_rental_bins_area", "area", "serial_number"),
        Index("ix_rental_bins_customer_id", "customer_id"),
        Index("ix_rental_bins_delivery_order_id", "delivery_order_id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("serial_number",)

    serial_number: str = Field(max_length=40)
    h_ft: Decimal = Field(sa_column=feet())
    l_ft: Decimal = Field(sa_column=feet())
    w_ft: Decimal = Field(sa_column=feet())
    area: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=60)
    status: str = Field(default=BinStatus.IN_WAREHOUSE, max_length=20)
    customer_id: UUID | None = Field(default=None, foreign_key="rental_customers.id")
    delivery_order_id: UUID | None = None
    notes: str = Field(default="", max_length=2000)


class RentalBinMovement(Record, table=True):
    """One trip of one bin. Never changed: a mistake is followed by another movement."""

    __tablename__ = "rental_bin_movements"
    __table_args__ = (
        one_of("movement_type", MovementType),
        Index(
            "ix_rental_bin_movements_bin_id",
            "bin_id",
            "moved_at",
            postgresql_include=["movement_type", "from_status"],
        ),
        Index("ix_rental_bin_movements_related_do_id", "related_do_id"),
        Index("ix_rental_bin_movements_moved_at", "moved_at"),
        {"info": APPEND_ONLY},
    )
    audited: ClassVar[bool] = False

    bin_id: UUID = Field(foreign_key="rental_bins.id")
    movement_type: str = Field(max_length=10)
    from_status: str = Field(max_length=20)
    to_status: str = Field(max_length=20)
    related_do_id: UUID | None = Field(default=None, foreign_key="rental_delivery_orders.id")
    customer_id: UUID | None = Field(default=None, foreign_key="rental_customers.id")
    area: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=60)
    notes: str = Field(default="", max_length=2000)
    moved_at: datetime = Field(default_factory=clock.now)
    moved_by: str = Field(default="", max_length=200)
