"""What a hire costs, what is allowed for it, and what is charged beyond."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core.columns import STATUS, minor, one_of, quantity
from lattis_app.core.db import Record
from lattis_app.rental.models.parts import feet
from lattis_app.rental.statuses import ChargeKind, ChargeStatus


class RentalPriceCard(Record, table=True):
    """What a bin of a size costs for a kind of waste, and what is included."""

    __tablename__ = "rental_price_cards"
    __table_args__ = (
        CheckConstraint("h_ft > 0 AND l_ft > 0 AND w_ft > 0", name="size"),
        CheckConstraint("base_price_minor > 0", name="base_price_minor"),
        CheckConstraint("included_days >= 0", name="included_days"),
        CheckConstraint("included_kg >= 0", name="included_kg"),
        CheckConstraint(
            "overrun_per_day_minor >= 0 AND extra_tonne_minor >= 0 AND failed_trip_fee_minor >= 0",
            name="fees",
        ),
        Index("uq_rental_price_cards_size", "h_ft", "l_ft", "w_ft", "waste_item_id", unique=True),
        Index("ix_rental_price_cards_waste_item_id", "waste_item_id"),
        Index("ix_rental_price_cards_base_price_minor", "base_price_minor", "id"),
        Index("ix_rental_price_cards_created_at", "created_at", "id"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("waste_item_id",)

    h_ft: Decimal = Field(sa_column=feet())
    l_ft: Decimal = Field(sa_column=feet())
    w_ft: Decimal = Field(sa_column=feet())
    waste_item_id: UUID = Field(foreign_key="rental_waste_items.id")
    base_price_minor: int = Field(sa_type=BigInteger)
    included_days: int
    overrun_per_day_minor: int = Field(default=0, sa_column=minor())
    included_kg: int
    extra_tonne_minor: int = Field(default=0, sa_column=minor())
    failed_trip_fee_minor: int = Field(default=0, sa_column=minor())
    active: bool = True


class RentalHireTerms(Record, table=True):
    """What the price card allowed an order when it was issued; later changes of the card don't touch it."""

    __tablename__ = "rental_hire_terms"
    __table_args__ = (Index("uq_rental_hire_terms_delivery_order_id", "delivery_order_id", unique=True),)
    audited: ClassVar[bool] = False

    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id", ondelete="CASCADE")
    price_card_id: UUID = Field(foreign_key="rental_price_cards.id")
    included_days: int
    overrun_per_day_minor: int = Field(sa_type=BigInteger)
    included_kg: int
    extra_tonne_minor: int = Field(sa_type=BigInteger)
    failed_trip_fee_minor: int = Field(sa_type=BigInteger)


class RentalCharge(Record, table=True):
    """Something charged beyond an order's own amount; it waits until it is on an invoice or waived."""

    __tablename__ = "rental_charges"
    __table_args__ = (
        one_of("kind", ChargeKind),
        one_of("status", ChargeStatus),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("status <> 'waived' OR waive_reason <> ''", name="waive_reason"),
        Index("uq_rental_charges_kind", "delivery_order_id", "kind", unique=True),
        Index("ix_rental_charges_status", "status", "created_at", "id"),
        Index("ix_rental_charges_kind", "kind", "created_at", "id"),
        Index("ix_rental_charges_customer_id", "customer_id", "created_at", "id"),
        Index("ix_rental_charges_amount_minor", "amount_minor", "created_at", "id"),
        Index("ix_rental_charges_created_at", "created_at", "id"),
        Index("ix_rental_charges_invoice_id", "invoice_id", postgresql_where=text("invoice_id IS NOT NULL")),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("delivery_order_id",)

    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id")
    customer_id: UUID = Field(foreign_key="rental_customers.id")
    kind: str = Field(max_length=20)
    description: str = Field(max_length=300)
    quantity: Decimal = Field(sa_column=quantity())
    unit: str = Field(max_length=20)
    price_minor: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default="MYR", max_length=3)
    status: str = Field(default=ChargeStatus.UNBILLED, max_length=20)
    invoice_id: UUID | None = Field(default=None, foreign_key="rental_invoices.id")
    billed_at: datetime | None = None
    waived_at: datetime | None = None
    waive_reason: str = Field(default="", max_length=500)
