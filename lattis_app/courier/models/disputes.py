"""What merchants object to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core.columns import STATUS, one_of
from lattis_app.core.db import Record
from lattis_app.courier.statuses import DisputeStatus


class CourierDispute(Record, table=True):
    """A merchant's objection to what is said of one parcel, and the answer to it."""

    __tablename__ = "courier_disputes"
    __table_args__ = (
        one_of("status", DisputeStatus),
        CheckConstraint("(status = 'OPEN') = (resolved_at IS NULL)", name="resolved_at"),
        Index("uq_courier_disputes_open", "parcel_id", unique=True, postgresql_where=text("status = 'OPEN'")),
        Index("ix_courier_disputes_parcel_id", "parcel_id"),
        Index("ix_courier_disputes_merchant_id", "merchant_id", "created_at", "id"),
        Index("ix_courier_disputes_status", "status", "created_at", "id"),
        Index("ix_courier_disputes_created_at", "created_at", "id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("parcel_id",)

    parcel_id: UUID = Field(foreign_key="courier_parcels.id")
    merchant_id: UUID = Field(foreign_key="courier_merchants.id")
    status: str = Field(default=DisputeStatus.OPEN, max_length=20)
    reason: str = Field(max_length=500)
    raised_by: str = Field(default="", max_length=200)
    answer: str = Field(default="", max_length=500)
    resolved_at: datetime | None = None
    resolved_by: str = Field(default="", max_length=200)
