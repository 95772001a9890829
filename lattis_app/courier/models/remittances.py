"""What delivery partners pay over."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from lattis_app.core.columns import STATUS, minor, one_of
from lattis_app.core.db import Record, Row
from lattis_app.courier.statuses import RemittanceMatch, RemittanceStatus


class CourierRemittance(Record, table=True):
    """A delivery partner's file of what it has collected, compared with what we know."""

    __tablename__ = "courier_remittances"
    __table_args__ = (
        one_of("status", RemittanceStatus),
        Index("ix_courier_remittances_created_at", "created_at", "id"),
        Index("ix_courier_remittances_status", "status", "created_at", "id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("reference", "partner")

    partner: str = Field(max_length=60)
    reference: str = Field(default="", max_length=120)
    file_name: str = Field(default="", max_length=255)
    delivered_from: date
    delivered_to: date
    status: str = Field(default=RemittanceStatus.MATCHED, max_length=20)
    currency: str = Field(default="MYR", max_length=3)
    matched_count: int = 0
    short_count: int = 0
    extra_count: int = 0
    missing_count: int = 0
    expected_minor: int = Field(default=0, sa_column=minor())
    remitted_minor: int = Field(default=0, sa_column=minor())
    uploaded_by: str = Field(default="", max_length=200)
    accepted_at: datetime | None = None
    accepted_on: date | None = None
    accepted_by: str = Field(default="", max_length=200)


class CourierRemittanceLine(Row, table=True):
    """One parcel of a remittance: what was expected of it and what was paid over."""

    __tablename__ = "courier_remittance_lines"
    __table_args__ = (
        one_of("match", RemittanceMatch),
        Index("uq_courier_remittance_lines_line", "remittance_id", "match", "tracking_number", unique=True),
        Index("ix_courier_remittance_lines_parcel_id", "parcel_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    remittance_id: UUID = Field(foreign_key="courier_remittances.id", ondelete="CASCADE")
    match: str = Field(max_length=10)
    tracking_number: str = Field(max_length=40)
    parcel_id: UUID | None = Field(default=None, foreign_key="courier_parcels.id")
    expected_minor: int = Field(default=0, sa_column=minor())
    remitted_minor: int | None = Field(default=None, sa_type=BigInteger)
    note: str = Field(default="", max_length=200)
