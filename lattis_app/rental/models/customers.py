"""The business itself, its customers, drivers and waste items."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Numeric
from sqlmodel import Field

from lattis_app.core.columns import STATUS, minor, one_of
from lattis_app.core.db import Record
from lattis_app.rental.statuses import DriverStatus, ShortMessages


class RentalBusiness(Record, table=True):
    """The company whose documents these are; one row."""

    __tablename__ = "rental_business"
    __table_args__ = (
        Index("uq_rental_business_single", "single", unique=True),
        CheckConstraint("single", name="single"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    single: bool = True
    name: str = Field(max_length=200)
    roc_number: str = Field(default="", max_length=40)
    sst_no: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=2000)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)
    bank_details: str = Field(default="", max_length=500)
    currency: str = Field(default="MYR", max_length=3)
    sst_rate: Decimal = Field(default=Decimal(0), sa_column=Column(Numeric(6, 4), nullable=False))
    failed_trip_fee_minor: int = Field(default=0, sa_column=minor())
    hire_days: int = 14
    email_invoices: bool = True


class RentalCustomer(Record, table=True):
    """Somebody who hires bins: the business terms; name and contacts are the party's."""

    __tablename__ = "rental_customers"
    __table_args__ = (
        CheckConstraint("payment_terms_days BETWEEN 0 AND 365", name="payment_terms_days"),
        CheckConstraint("credit_limit_minor >= 0", name="credit_limit_minor"),
        one_of("message_channel", ShortMessages),
        Index("uq_rental_customers_party_id", "party_id", unique=True),
        Index("ix_rental_customers_created_at", "created_at", "id"),
        Index("ix_rental_customers_merged_into_id", "merged_into_id"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("party_id",)

    party_id: UUID = Field(foreign_key="parties.id")
    merged_into_id: UUID | None = Field(default=None, foreign_key="rental_customers.id")
    payment_terms_days: int = 30
    credit_limit_minor: int | None = Field(default=None, sa_type=BigInteger)
    on_stop: bool = False
    po_required: bool = False
    introducer_name: str = Field(default="", max_length=200)
    notes: str = Field(default="", max_length=2000)
    email_messages: bool = True
    message_channel: str = Field(default=ShortMessages.NONE, max_length=10)


class RentalDriver(Record, table=True):
    """Somebody who drives jobs. The identity number is masked everywhere but on the driver's own form."""

    __tablename__ = "rental_drivers"
    __table_args__ = (
        one_of("status", DriverStatus),
        Index("uq_rental_drivers_ic_number", "ic_number", unique=True),
        Index("uq_rental_drivers_phone", "phone", unique=True),
        Index("ix_rental_drivers_status_name", "status", "name"),
        Index("ix_rental_drivers_name", "name", "id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    name: str = Field(max_length=200)
    ic_number: str = Field(max_length=20)
    phone: str = Field(max_length=20)
    email: str | None = Field(default=None, max_length=254)
    address: str = Field(default="", max_length=2000)
    status: str = Field(default=DriverStatus.ACTIVE, max_length=20)
    jobs_per_day: int = 6


class RentalWasteItem(Record, table=True):
    """A kind of waste and its price per unit."""

    __tablename__ = "rental_waste_items"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_minor"),
        Index("uq_rental_waste_items_name", "name", unique=True),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    name: str = Field(max_length=120)
    unit: str = Field(max_length=20)
    price_minor: int = Field(default=0, sa_column=minor())
    active: bool = True
