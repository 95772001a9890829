"""Lorries and the papers they must carry."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from lattis_app.core.columns import STATUS, minor, one_of
from lattis_app.core.db import Record
from lattis_app.rental.statuses import LorryDocumentKind, LorryStatus


class RentalLorry(Record, table=True):
    """A lorry of the company."""

    __tablename__ = "rental_lorries"
    __table_args__ = (
        one_of("status", LorryStatus),
        CheckConstraint("capacity_kg IS NULL OR capacity_kg > 0", name="capacity_kg"),
        Index("uq_rental_lorries_registration_no", "registration_no", unique=True),
        Index("ix_rental_lorries_status", "status", "registration_no"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("registration_no",)

    registration_no: str = Field(max_length=20)
    type: str = Field(default="", max_length=60)
    capacity_kg: int | None = None
    status: str = Field(default=LorryStatus.AVAILABLE, max_length=20)
    notes: str = Field(default="", max_length=2000)


class RentalLorryDocument(Record, table=True):
    """A paper a lorry must carry; an expired one keeps the lorry from being assigned."""

    __tablename__ = "rental_lorry_documents"
    __table_args__ = (
        one_of("kind", LorryDocumentKind),
        Index("uq_rental_lorry_documents_kind", "lorry_id", "kind", unique=True),
        Index("ix_rental_lorry_documents_expires_on", "expires_on"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"alerted_step"})
    labelled_by: ClassVar[tuple[str, ...]] = ("lorry_id",)

    lorry_id: UUID = Field(foreign_key="rental_lorries.id", ondelete="CASCADE")
    kind: str = Field(max_length=20)
    number: str = Field(default="", max_length=60)
    expires_on: date
    alerted_step: int | None = None


class RentalRentableLorry(Record, table=True):
    """Somebody else's lorry that can be hired when the own ones don't suffice."""

    __tablename__ = "rental_rentable_lorries"
    __table_args__ = (
        CheckConstraint("capacity_kg IS NULL OR capacity_kg > 0", name="capacity_kg"),
        CheckConstraint("daily_rate_minor >= 0 AND trip_rate_minor >= 0", name="rates"),
        Index("uq_rental_rentable_lorries_registration_no", "registration_no", unique=True),
        Index("ix_rental_rentable_lorries_owner_name", "owner_name", "registration_no"),
        Index("ix_rental_rentable_lorries_daily_rate_minor", "daily_rate_minor", "registration_no"),
        Index("ix_rental_rentable_lorries_trip_rate_minor", "trip_rate_minor", "registration_no"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("registration_no",)

    registration_no: str = Field(max_length=20)
    owner_name: str = Field(max_length=200)
    owner_phone: str = Field(default="", max_length=20)
    type: str = Field(default="", max_length=60)
    capacity_kg: int | None = None
    daily_rate_minor: int = Field(default=0, sa_column=minor())
    trip_rate_minor: int = Field(default=0, sa_column=minor())
    active: bool = True
    notes: str = Field(default="", max_length=2000)
