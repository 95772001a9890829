"""Delivery orders, their lines, the trips they cause and the reminders to collect their bins."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.columns import minor, new_check_token, one_of, quantity
from lattis_app.core.db import Record
from lattis_app.rental.models.parts import feet
from lattis_app.rental.statuses import (
    DeliveryOrderStatus,
    FulfilmentStatus,
    PaymentMethod,
    ReminderStatus,
    ReminderType,
)


class RentalDeliveryOrder(Record, table=True):
    """One job: a bin brought to a customer and fetched again. Names and size are frozen when it is made."""

    __tablename__ = "rental_delivery_orders"
    __table_args__ = (
        one_of("status", DeliveryOrderStatus),
        one_of("fulfilment_status", FulfilmentStatus),
        one_of("payment_method", PaymentMethod),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("collected_minor >= 0", name="collected_minor"),
        CheckConstraint("weight_kg IS NULL OR weight_kg >= 0", name="weight_kg"),
        CheckConstraint("system_do_number IS NOT NULL OR status IN ('draft', 'cancelled')", name="numbered"),
        Index(
            "uq_rental_delivery_orders_system_do_number",
            text("number_in_order(system_do_number)"),
            unique=True,
        ),
        Index("uq_rental_delivery_orders_do_book_number", "do_book_number", unique=True),
        Index("uq_rental_delivery_orders_check_token", "check_token", unique=True),
        Index(
            "ix_rental_delivery_orders_system_do_number_start",
            "system_do_number",
            postgresql_ops={"system_do_number": "text_pattern_ops"},
        ),
        Index(
            "ix_rental_delivery_orders_do_book_number_start",
            "do_book_number",
            postgresql_ops={"do_book_number": "text_pattern_ops"},
        ),
        Index("ix_rental_delivery_orders_phone_start", "phone", postgresql_ops={"phone": "text_pattern_ops"}),
        Index(
            "uq_rental_delivery_orders_booking_id",
            "booking_id",
            unique=True,
            postgresql_where=text("booking_id IS NOT NULL AND status <> 'cancelled'"),
        ),
        Index("ix_rental_delivery_orders_service_on", "service_on", "system_do_number"),
        Index(
            "ix_rental_delivery_orders_status",
            "status",
            "service_on",
            "system_do_number",
            postgresql_include=["fulfilment_status", "amount_minor", "weight_kg"],
        ),
        Index(
            "ix_rental_delivery_orders_fulfilment_status",
            "fulfilment_status",
            "service_on",
            "system_do_number",
        ),
        Index(
            "ix_rental_delivery_orders_driver_id",
            "driver_id",
            "service_on",
            "system_do_number",
            postgresql_include=["status", "fulfilment_status", "amount_minor"],
        ),
        Index(
            "ix_rental_delivery_orders_customer_id",
            "customer_id",
            "service_on",
            "system_do_number",
            postgresql_include=["status"],
        ),
        Index("ix_rental_delivery_orders_payment_method", "payment_method", "service_on", "system_do_number"),
        Index("ix_rental_delivery_orders_lorry_id", "lorry_id", "service_on", postgresql_include=["status"]),
        Index("ix_rental_delivery_orders_bin_id", "bin_id", "service_on"),
        Index("ix_rental_delivery_orders_amount_minor", "amount_minor", "system_do_number"),
        Index("ix_rental_delivery_orders_company_name", "company_name", "system_do_number"),
        Index(
            "ix_rental_delivery_orders_created_at", "created_at", "id", postgresql_include=["area", "state"]
        ),
        Index("ix_rental_delivery_orders_exchange_of_id", "exchange_of_id"),
        Index("ix_rental_delivery_orders_company_key", text("lower(company_name) text_pattern_ops")),
    )
    masked_fields: ClassVar[frozenset[str]] = frozenset({"check_token"})
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"status", "fulfilment_status"})
    labelled_by: ClassVar[tuple[str, ...]] = (
        "system_do_number",
        "do_book_number",
        "company_name",
    )

    system_do_number: str | None = Field(default=None, max_length=30)
    do_book_number: str | None = Field(default=None, max_length=40)
    booking_id: UUID | None = Field(default=None, foreign_key="rental_bookings.id")
    exchange_of_id: UUID | None = Field(default=None, foreign_key="rental_delivery_orders.id")
    customer_id: UUID = Field(foreign_key="rental_customers.id")
    driver_id: UUID | None = Field(default=None, foreign_key="rental_drivers.id")
    lorry_id: UUID | None = Field(default=None, foreign_key="rental_lorries.id")
    bin_id: UUID = Field(foreign_key="rental_bins.id")
    do_by_name: str = Field(default="", max_length=200)
    company_name: str = Field(max_length=200)
    phone: str = Field(default="", max_length=40)
    po_number: str = Field(default="", max_length=40)
    site_address: str = Field(default="", max_length=2000)
    area: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=60)
    h_ft: Decimal = Field(sa_column=feet())
    l_ft: Decimal = Field(sa_column=feet())
    w_ft: Decimal = Field(sa_column=feet())
    payment_method: str = Field(max_length=10)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default="MYR", max_length=3)
    collected_minor: int = Field(default=0, sa_column=minor())
    weight_kg: int | None = None
    introducer_name: str = Field(default="", max_length=200)
    notes: str = Field(default="", max_length=2000)
    status: str = Field(default=DeliveryOrderStatus.DRAFT, max_length=20)
    fulfilment_status: str = Field(default=FulfilmentStatus.ASSIGNED, max_length=20)
    scheduled_at: datetime
    service_on: date
    expected_return_on: date
    issued_at: datetime | None = None
    started_at: datetime | None = None
    delivered_at: datetime | None = None
    received_by: str = Field(default="", max_length=200)
    signature_id: UUID | None = Field(default=None, foreign_key="attachments.id")
    collected_at: datetime | None = None
    done_at: datetime | None = None
    failed_at: datetime | None = None
    failure_reason: str = Field(default="", max_length=500)
    cancelled_at: datetime | None = None
    cancel_reason: str = Field(default="", max_length=500)
    check_token: str = Field(default_factory=new_check_token, max_length=43)


class RentalDeliveryOrderLine(Record, table=True):
    """What is charged on a delivery order: waste by unit, or a failed trip."""

    __tablename__ = "rental_delivery_order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("price_minor >= 0", name="price_minor"),
        Index("uq_rental_delivery_order_lines_position", "delivery_order_id", "position", unique=True),
    )
    audited: ClassVar[bool] = False

    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id", ondelete="CASCADE")
    position: int
    waste_item_id: UUID | None = Field(default=None, foreign_key="rental_waste_items.id")
    description: str = Field(max_length=300)
    quantity: Decimal = Field(sa_column=quantity())
    unit: str = Field(default="", max_length=20)
    price_minor: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)


class RentalLorryTrip(Record, table=True):
    """One drive of a lorry, opened when the driver starts and closed when the bin is delivered."""

    __tablename__ = "rental_lorry_trips"
    __table_args__ = (
        CheckConstraint("arrived_at IS NULL OR arrived_at >= departed_at", name="arrived_at"),
        Index("ix_rental_lorry_trips_lorry_id", "lorry_id", "departed_at"),
        Index("ix_rental_lorry_trips_driver_id", "driver_id", "departed_at"),
        Index("ix_rental_lorry_trips_delivery_order_id", "delivery_order_id"),
        Index("ix_rental_lorry_trips_departed_at", "departed_at"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("lorry_id",)

    lorry_id: UUID = Field(foreign_key="rental_lorries.id")
    driver_id: UUID = Field(foreign_key="rental_drivers.id")
    from_location: str = Field(default="", max_length=300)
    to_location: str = Field(default="", max_length=300)
    bin_id: UUID | None = Field(default=None, foreign_key="rental_bins.id")
    delivery_order_id: UUID | None = Field(default=None, foreign_key="rental_delivery_orders.id")
    departed_at: datetime = Field(default_factory=clock.now)
    arrived_at: datetime | None = None
    notes: str = Field(default="", max_length=2000)


class RentalCollectionReminder(Record, table=True):
    """When somebody should be told to fetch a bin."""

    __tablename__ = "rental_collection_reminders"
    __table_args__ = (
        one_of("reminder_type", ReminderType),
        one_of("status", ReminderStatus),
        Index("ix_rental_collection_reminders_delivery_order_id", "delivery_order_id"),
        Index("ix_rental_collection_reminders_scheduled_at", "scheduled_at", "id"),
        Index("ix_rental_collection_reminders_status", "status", "scheduled_at", "id"),
        Index(
            "ix_rental_collection_reminders_due",
            "scheduled_at",
            postgresql_where=text("status = 'scheduled'"),
        ),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"status"})
    labelled_by: ClassVar[tuple[str, ...]] = ("delivery_order_id",)

    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id")
    reminder_type: str = Field(max_length=20)
    scheduled_at: datetime
    status: str = Field(default=ReminderStatus.SCHEDULED, max_length=20)
    sent_at: datetime | None = None
