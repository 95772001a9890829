"""Money given back to customers, and out of which payments and purses it came."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core.columns import STATUS, minor, one_of
from lattis_app.core.db import Record
from lattis_app.rental.statuses import RefundStatus, RefundTarget

NUMBER = text("number_in_order(refund_number)")


class RentalRefund(Record, table=True):
    """What a customer gets back for a delivery order. `invoice_id` is the invoice that it lessens, if there is one."""

    __tablename__ = "rental_refunds"
    __table_args__ = (
        one_of("status", RefundStatus),
        one_of("target_type", RefundTarget),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("tax_minor BETWEEN 0 AND amount_minor", name="tax_minor"),
        Index("uq_rental_refunds_refund_number", NUMBER, unique=True),
        Index(
            "ix_rental_refunds_refund_number_start",
            "refund_number",
            postgresql_ops={"refund_number": "text_pattern_ops"},
        ),
        Index("ix_rental_refunds_delivery_order_id", "delivery_order_id", NUMBER),
        Index("ix_rental_refunds_invoice_id", "invoice_id", NUMBER),
        Index("ix_rental_refunds_customer_id", "customer_id", NUMBER),
        Index("ix_rental_refunds_status", "status", NUMBER),
        Index("ix_rental_refunds_requested_on", "requested_on", NUMBER),
        Index("ix_rental_refunds_amount_minor", "amount_minor", NUMBER),
        Index(
            "ix_rental_refunds_open",
            "delivery_order_id",
            postgresql_where=text("status IN ('pending', 'approved')"),
        ),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("refund_number",)

    refund_number: str = Field(max_length=30)
    target_type: str = Field(max_length=10)
    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id")
    invoice_id: UUID | None = Field(default=None, foreign_key="rental_invoices.id")
    customer_id: UUID = Field(foreign_key="rental_customers.id")
    status: str = Field(default=RefundStatus.PENDING, max_length=20)
    amount_minor: int = Field(sa_type=BigInteger)
    tax_minor: int = Field(default=0, sa_column=minor())
    currency: str = Field(default="MYR", max_length=3)
    reason: str = Field(max_length=500)
    requested_on: date
    requested_by: str = Field(default="", max_length=200)
    approved_at: datetime | None = None
    rejected_at: datetime | None = None
    rejection: str = Field(default="", max_length=500)
    processed_at: datetime | None = None
    payment_method: str = Field(default="", max_length=20)
    reference: str = Field(default="", max_length=200)


class RentalRefundPart(Record, table=True):
    """How much of a refund came out of one payment, and out of which account; `driver_id` gave it from their cash."""

    __tablename__ = "rental_refund_parts"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        Index("ix_rental_refund_parts_refund_id", "refund_id"),
        Index("ix_rental_refund_parts_payment_id", "payment_id"),
        Index("ix_rental_refund_parts_driver_id", "driver_id"),
    )
    audited: ClassVar[bool] = False

    refund_id: UUID = Field(foreign_key="rental_refunds.id", ondelete="CASCADE")
    payment_id: UUID = Field(foreign_key="rental_payments.id")
    driver_id: UUID | None = Field(default=None, foreign_key="rental_drivers.id")
    account: str = Field(max_length=40)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default="MYR", max_length=3)
