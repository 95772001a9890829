"""Weekly invoices, the orders on them, sellers' claims of having paid, and the log of runs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.columns import STATUS, minor, new_check_token, one_of, percent
from lattis_app.core.db import Record, Row
from lattis_app.marketplace.statuses import ClaimStatus, Currency, InvoiceStatus


class MarketplaceInvoice(Record, table=True):
    """What a seller owes for a week. `issuer`, `bill_to`, rate and currency are frozen when it is generated."""

    __tablename__ = "marketplace_invoices"
    __table_args__ = (
        one_of("status", InvoiceStatus),
        one_of("base_currency", Currency),
        CheckConstraint("extract(isodow FROM week_starts_on) = 1", name="week_starts_on"),
        CheckConstraint("order_count > 0", name="order_count"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_at"),
        Index("uq_marketplace_invoices_invoice_number", "invoice_number", unique=True),
        Index(
            "ix_marketplace_invoices_invoice_number_start",
            "invoice_number",
            postgresql_ops={"invoice_number": "text_pattern_ops"},
        ),
        Index(
            "uq_marketplace_invoices_week",
            "seller_id",
            "week_starts_on",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("uq_marketplace_invoices_revision", "seller_id", "week_starts_on", "revision", unique=True),
        Index("ix_marketplace_invoices_seller_id", "seller_id", "status", "week_starts_on"),
        Index("ix_marketplace_invoices_week_starts_on", "week_starts_on", "invoice_number"),
        Index("ix_marketplace_invoices_status", "status", "week_starts_on", "invoice_number"),
        Index("ix_marketplace_invoices_due_on", "due_on", "invoice_number"),
        Index("ix_marketplace_invoices_total_minor", "total_minor", "invoice_number"),
        Index("uq_marketplace_invoices_check_token", "check_token", unique=True),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    masked_fields: ClassVar[frozenset[str]] = frozenset({"check_token"})
    labelled_by: ClassVar[tuple[str, ...]] = ("invoice_number",)

    invoice_number: str = Field(max_length=40)
    seller_id: UUID = Field(foreign_key="marketplace_sellers.id")
    week_starts_on: date
    revision: int = 1
    due_on: date
    status: str = Field(default=InvoiceStatus.PENDING, max_length=12)
    base_currency: str = Field(max_length=3)
    exchange_rate: Decimal = Field(sa_column=Column(Numeric(10, 4), nullable=False))
    total_minor: int = Field(sa_type=BigInteger)
    platform_mkd_minor: int = Field(default=0, sa_column=minor())
    platform_eur_minor: int = Field(default=0, sa_column=minor())
    affiliate_mkd_minor: int = Field(default=0, sa_column=minor())
    affiliate_eur_minor: int = Field(default=0, sa_column=minor())
    order_count: int
    issuer: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    bill_to: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    paid_at: datetime | None = None
    paid_by: str = Field(default="", max_length=200)
    payment_notes: str = Field(default="", max_length=2000)
    cancelled_at: datetime | None = None
    cancel_reason: str = Field(default="", max_length=500)
    check_token: str = Field(default_factory=new_check_token, max_length=43)


class MarketplaceInvoiceItem(Row, table=True):
    """One order on an invoice, as it was when it was billed; those of a cancelled invoice stay."""

    __tablename__ = "marketplace_invoice_items"
    __table_args__ = (
        one_of("currency", Currency),
        Index("ix_marketplace_invoice_items_invoice_id", "invoice_id", "delivered_at", "order_number"),
    )
    audited: ClassVar[bool] = False

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    invoice_id: UUID = Field(foreign_key="marketplace_invoices.id")
    order_id: UUID
    order_number: str = Field(max_length=30)
    delivered_at: datetime
    currency: str = Field(max_length=3)
    price_minor: int = Field(sa_type=BigInteger)
    platform_fee_percent: Decimal = Field(sa_column=percent())
    platform_fee_minor: int = Field(sa_type=BigInteger)
    affiliate_fee_percent: Decimal | None = Field(default=None, sa_column=percent(nullable=True))
    affiliate_fee_minor: int = Field(sa_type=BigInteger)


class MarketplacePaymentClaim(Record, table=True):
    """A seller's word, with a proof, that an invoice is paid."""

    __tablename__ = "marketplace_payment_claims"
    __table_args__ = (
        one_of("status", ClaimStatus),
        Index("ix_marketplace_payment_claims_invoice_id", "invoice_id", "created_at"),
        Index(
            "uq_marketplace_payment_claims_open",
            "invoice_id",
            unique=True,
            postgresql_where=text("status = 'claimed'"),
        ),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("invoice_id",)

    invoice_id: UUID = Field(foreign_key="marketplace_invoices.id")
    status: str = Field(default=ClaimStatus.CLAIMED, max_length=12)
    proof: str = Field(max_length=500)
    payment_notes: str = Field(default="", max_length=2000)
    claimed_by: str = Field(default="", max_length=200)
    decided_at: datetime | None = None
    decided_by: str = Field(default="", max_length=200)
    rejection: str = Field(default="", max_length=500)


class MarketplaceRun(Row, table=True):
    """One step of billing a week, committed by itself: what it made. A run that died goes on after its last step."""

    __tablename__ = "marketplace_runs"
    __table_args__ = (
        Index("ix_marketplace_runs_week_starts_on", "week_starts_on", "finished_at"),
        Index("ix_marketplace_runs_finished_at", "finished_at", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    run_id: UUID
    week_starts_on: date
    due_on: date
    requested_by: str = Field(default="", max_length=200)
    finished_at: datetime = Field(default_factory=clock.now)
    invoices: int
    orders: int
    total_mkd_minor: int = Field(sa_type=BigInteger)
    total_eur_minor: int = Field(sa_type=BigInteger)
