"""Weekly invoices as they are asked for, filtered and shown; fields and names are seed 003's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, CamelEntry, CamelFilters, CamelOut, MoneyOut, Reason, any_of
from lattis_app.marketplace.schemas.parts import Notes, PercentOut, Search
from lattis_app.marketplace.statuses import ClaimStatus, Currency, InvoiceStatus

Statuses = Annotated[tuple[InvoiceStatus, ...], any_of(InvoiceStatus)]


class PaymentEntry(CamelEntry):
    """What somebody notes when an invoice is marked as paid."""

    payment_notes: Notes = ""


class ClaimEntry(CamelEntry):
    """A seller's proof of having paid: the reference of a transfer, or the name of an attached file."""

    proof: Annotated[str, Field(min_length=3, max_length=500), CLEAN]
    payment_notes: Notes = ""


class ReasonEntry(CamelEntry):
    """Why an invoice is cancelled, or a claim refused."""

    reason: Reason


class MyInvoiceFilters(CamelFilters):
    """Which of one seller's invoices to list. Several statuses are separated by commas; `q` begins a number."""

    status: Statuses = ()
    q: Search = ""


class InvoiceFilters(MyInvoiceFilters):
    """Which invoices to list. `q` begins a number or names a seller."""

    seller_id: UUID | None = None
    claimed: bool | None = None


class ClaimOut(CamelOut):
    """What a seller claimed, and what became of it."""

    id: UUID
    status: ClaimStatus
    proof: str
    payment_notes: str
    claimed_by: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str
    rejection: str


class InvoiceRow(CamelOut):
    """An invoice in a list; `totalAmount` is both currencies in the seller's own."""

    id: UUID
    invoice_number: str
    seller_id: UUID
    store_name: str
    seller_name: str
    seller_email: str | None
    seller_restricted: bool
    week_start_date: date
    week_end_date: date
    due_date: date
    days_overdue: int
    days_until_due: int
    status: InvoiceStatus
    base_currency: Currency
    exchange_rate: PercentOut
    total_amount: MoneyOut
    total_amount_mkd: MoneyOut
    total_amount_eur: MoneyOut
    order_count: int
    paid_at: datetime | None
    paid_by: str
    payment_notes: str
    payment_claimed: bool
    cancelled_at: datetime | None
    cancel_reason: str
    created_at: datetime
    updated_at: datetime


class InvoiceItemOut(CamelOut):
    """An order on an invoice. The fields of the currency that was not used are null."""

    id: UUID
    order_id: UUID
    order_number: str
    delivery_date: datetime
    currency: Currency
    product_price: MoneyOut
    platform_fee_percent: PercentOut
    platform_fee: MoneyOut
    affiliate_fee_percent: PercentOut | None
    affiliate_fee: MoneyOut
    total_owed: MoneyOut
    product_price_mkd: MoneyOut | None
    product_price_eur: MoneyOut | None
    platform_fee_mkd: MoneyOut | None
    platform_fee_eur: MoneyOut | None
    affiliate_fee_mkd: MoneyOut | None
    affiliate_fee_eur: MoneyOut | None
    total_owed_mkd: MoneyOut | None
    total_owed_eur: MoneyOut | None


class ListedInvoiceOut(InvoiceRow):
    """An invoice in a list, with its orders."""

    not_in_files: ClassVar[frozenset[str]] = frozenset({"items"})

    items: list[InvoiceItemOut]


class InvoiceOut(ListedInvoiceOut):
    """An invoice with its orders, as it was when it was generated, and what the seller claimed."""

    claims: list[ClaimOut]
    issuer: dict[str, Any]
    bill_to: dict[str, Any]
