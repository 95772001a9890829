"""Invoices, the payments on them, the receipts for those, and introducers' commissions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.columns import STATUS, minor, new_check_token, one_of, quantity
from lattis_app.core.db import APPEND_ONLY, Record
from lattis_app.rental.statuses import CommissionStatus, InvoiceStatus, PaymentMethod

LISTED_ON = """(
CASE
    WHEN status::text = 'draft'::text THEN 'infinity'::date
    ELSE COALESCE(issued_on, '-infinity'::date)
END)"""
"""The day of an invoice in lists, as `queries.invoices` orders by it and PostgreSQL writes it."""


class RentalInvoice(Record, table=True):
    """What a customer owes for a delivery order. `issuer` and `bill_to` are frozen when it is issued.

    A supplementary one holds what was charged after the order's own invoice had been issued.
    """

    __tablename__ = "rental_invoices"
    __table_args__ = (
        one_of("status", InvoiceStatus),
        CheckConstraint("total_minor = subtotal_minor + tax_minor", name="total_minor"),
        CheckConstraint("paid_minor BETWEEN 0 AND total_minor", name="paid_minor"),
        CheckConstraint("refunded_minor BETWEEN 0 AND paid_minor", name="refunded_minor"),
        CheckConstraint("invoice_number IS NOT NULL OR status IN ('draft', 'voided')", name="numbered"),
        Index("uq_rental_invoices_invoice_number", text("number_in_order(invoice_number)"), unique=True),
        Index(
            "ix_rental_invoices_invoice_number_start",
            "invoice_number",
            postgresql_ops={"invoice_number": "text_pattern_ops"},
        ),
        Index(
            "uq_rental_invoices_delivery_order_id",
            "delivery_order_id",
            unique=True,
            postgresql_where=text("status <> 'voided' AND NOT supplementary"),
        ),
        Index(
            "uq_rental_invoices_supplementary_draft",
            "delivery_order_id",
            unique=True,
            postgresql_where=text("status = 'draft' AND supplementary"),
        ),
        Index("uq_rental_invoices_check_token", "check_token", unique=True),
        Index("ix_rental_invoices_delivery_order_id", "delivery_order_id"),
        Index("ix_rental_invoices_status", "status", "issued_on", "id"),
        Index("ix_rental_invoices_customer_id", "customer_id", "issued_on", "id"),
        Index("ix_rental_invoices_issued_on", "issued_on"),
        Index("ix_rental_invoices_listed_on", text(LISTED_ON), "invoice_number", "created_at"),
        Index("ix_rental_invoices_created_at", "created_at", "id"),
        Index("ix_rental_invoices_due_on", "due_on", "invoice_number"),
        Index("ix_rental_invoices_total_minor", "total_minor", "invoice_number"),
    )
    masked_fields: ClassVar[frozenset[str]] = frozenset({"check_token"})
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = (
        "invoice_number",
        "delivery_order_id",
    )

    invoice_number: str | None = Field(default=None, max_length=30)
    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id")
    customer_id: UUID = Field(foreign_key="rental_customers.id")
    supplementary: bool = False
    status: str = Field(default=InvoiceStatus.DRAFT, max_length=20)
    payment_method: str = Field(max_length=10)
    currency: str = Field(default="MYR", max_length=3)
    tax_rate: Decimal = Field(default=Decimal(0), sa_column=Column(Numeric(6, 4), nullable=False))
    subtotal_minor: int = Field(default=0, sa_column=minor())
    tax_minor: int = Field(default=0, sa_column=minor())
    total_minor: int = Field(default=0, sa_column=minor())
    paid_minor: int = Field(default=0, sa_column=minor())
    refunded_minor: int = Field(default=0, sa_column=minor())
    issuer: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    bill_to: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    notes: str = Field(default="", max_length=2000)
    check_token: str = Field(default_factory=new_check_token, max_length=43)
    issued_at: datetime | None = None
    issued_on: date | None = None
    due_on: date | None = None
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str = Field(default="", max_length=500)


class RentalInvoiceLine(Record, table=True):
    """One line of an invoice."""

    __tablename__ = "rental_invoice_lines"
    __table_args__ = (Index("uq_rental_invoice_lines_position", "invoice_id", "position", unique=True),)
    audited: ClassVar[bool] = False

    invoice_id: UUID = Field(foreign_key="rental_invoices.id", ondelete="CASCADE")
    position: int
    description: str = Field(max_length=300)
    quantity: Decimal = Field(sa_column=quantity())
    unit: str = Field(default="", max_length=20)
    price_minor: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)


class RentalPayment(Record, table=True):
    """Money received, on an invoice or, by a driver, on a delivery order before its invoice; with its receipt."""

    __tablename__ = "rental_payments"
    __table_args__ = (
        one_of("method", PaymentMethod),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", name="refunded_minor"),
        CheckConstraint("invoice_id IS NOT NULL OR delivery_order_id IS NOT NULL", name="target"),
        Index("uq_rental_payments_receipt_number", text("number_in_order(receipt_number)"), unique=True),
        Index(
            "ix_rental_payments_receipt_number_start",
            "receipt_number",
            postgresql_ops={"receipt_number": "text_pattern_ops"},
        ),
        Index("ix_rental_payments_invoice_id", "invoice_id"),
        Index("ix_rental_payments_delivery_order_id", "delivery_order_id"),
        Index("ix_rental_payments_customer_id", "customer_id", "received_on"),
        Index("ix_rental_payments_received_on", "received_on", "received_at"),
        Index("ix_rental_payments_received_at", "received_at", "receipt_number"),
        Index("ix_rental_payments_method", "method", "received_on", "id"),
        Index("ix_rental_payments_driver_id", "driver_id", "received_on"),
        Index("ix_rental_payments_amount_minor", "amount_minor", "received_at"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("receipt_number",)

    receipt_number: str = Field(max_length=30)
    invoice_id: UUID | None = Field(default=None, foreign_key="rental_invoices.id")
    delivery_order_id: UUID | None = Field(default=None, foreign_key="rental_delivery_orders.id")
    customer_id: UUID = Field(foreign_key="rental_customers.id")
    method: str = Field(max_length=10)
    amount_minor: int = Field(sa_type=BigInteger)
    refunded_minor: int = Field(default=0, sa_column=minor())
    currency: str = Field(default="MYR", max_length=3)
    reference: str = Field(default="", max_length=200)
    received_at: datetime = Field(default_factory=clock.now)
    received_on: date
    driver_id: UUID | None = Field(default=None, foreign_key="rental_drivers.id")
    received_by: str = Field(default="", max_length=200)


class RentalReceipt(Record, table=True):
    """The receipt of one payment, as it was given: issuer, payer and target are frozen."""

    __tablename__ = "rental_receipts"
    __table_args__ = (
        Index("uq_rental_receipts_payment_id", "payment_id", unique=True),
        Index("uq_rental_receipts_receipt_number", "receipt_number", unique=True),
        Index("uq_rental_receipts_check_token", "check_token", unique=True),
        {"info": APPEND_ONLY},
    )
    audited: ClassVar[bool] = False

    payment_id: UUID = Field(foreign_key="rental_payments.id")
    receipt_number: str = Field(max_length=30)
    issued_at: datetime = Field(default_factory=clock.now)
    check_token: str = Field(default_factory=new_check_token, max_length=43)
    content: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class RentalCommission(Record, table=True):
    """What an introducer earns for a delivery order, or, with a negative amount, gives back after a refund."""

    __tablename__ = "rental_commissions"
    __table_args__ = (
        one_of("status", CommissionStatus),
        CheckConstraint(
            "CASE WHEN refund_id IS NULL THEN amount_minor > 0 ELSE amount_minor < 0 END", name="amount_minor"
        ),
        Index(
            "uq_rental_commissions_delivery_order_id",
            "delivery_order_id",
            unique=True,
            postgresql_where=text("refund_id IS NULL"),
        ),
        Index("uq_rental_commissions_refund_id", "refund_id", unique=True),
        Index("ix_rental_commissions_delivery_order_id", "delivery_order_id"),
        Index("ix_rental_commissions_status", "status", "created_at", "id"),
        Index("ix_rental_commissions_created_at", "created_at", "id"),
        Index("ix_rental_commissions_introducer_name", "introducer_name", "created_at"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("delivery_order_id",)

    delivery_order_id: UUID = Field(foreign_key="rental_delivery_orders.id")
    refund_id: UUID | None = Field(default=None, foreign_key="rental_refunds.id")
    introducer_name: str = Field(max_length=200)
    status: str = Field(default=CommissionStatus.PENDING, max_length=20)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(default="MYR", max_length=3)
    payment_method: str = Field(default="", max_length=20)
    reference: str = Field(default="", max_length=200)
    eligible_at: datetime | None = None
    approved_at: datetime | None = None
    paid_at: datetime | None = None
