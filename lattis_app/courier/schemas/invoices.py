"""Merchant invoices as they are asked for, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Entry, Filters, LongText, MoneyOut, Out, Reason, Span, any_of
from lattis_app.courier.statuses import LineKind, MerchantInvoiceStatus, SettledBy

MOST_PARCELS = 100_000
Reference = Annotated[str, Field(max_length=200), CLEAN]


class InvoiceEntry(Entry):
    """Whose parcels to settle; without `parcel_ids`, all that are eligible."""

    merchant_id: UUID
    parcel_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_PARCELS)] | None = None
    notes: LongText = ""


class PaymentEntry(Entry):
    """How an invoice was paid."""

    payment_reference: Reference = ""
    notes: LongText = ""


class CancelEntry(Entry):
    """Why an invoice no longer counts."""

    reason: Reason


class MerchantInvoiceFilters(Span):
    """Which invoices to list, by the day they were generated. `q` begins a number or is part of a merchant's name.

    Several statuses are separated by commas. `owing` asks for those on which the merchant owes, and is not settled.
    """

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    merchant_id: UUID | None = None
    status: Annotated[tuple[MerchantInvoiceStatus, ...], any_of(MerchantInvoiceStatus)] = ()
    owing: bool | None = None


class LineFilters(Filters):
    """Which lines of an invoice to list. `q` begins a tracking number."""

    q: Annotated[str, Field(max_length=60), CLEAN] = ""
    kind: LineKind | None = None


class MerchantInvoiceRow(Out):
    """A merchant invoice in a list; with a negative `payable_amount` the merchant owes."""

    id: UUID
    invoice_no: str
    merchant_id: UUID
    merchant_name: str
    invoice_status: MerchantInvoiceStatus
    currency: str
    total_parcels: int
    delivered_count: int
    returned_count: int
    clearance_count: int
    total_cod_collected: MoneyOut
    total_delivery_charges: MoneyOut
    total_return_charges: MoneyOut
    clearance: MoneyOut
    opening: MoneyOut
    payable_amount: MoneyOut
    generated_on: date
    settled_by: SettledBy | None
    paid_at: datetime | None
    payment_reference: str
    carried_to_invoice_id: UUID | None
    carried_to_invoice_no: str | None
    created_at: datetime
    updated_at: datetime


class InvoiceLineOut(Out):
    """One line of an invoice, as it was when that was generated; of a clearance, what it changes."""

    kind: LineKind
    parcel_id: UUID | None
    source_invoice_id: UUID | None
    tracking_number: str
    parcel_status: str
    cod_collected: MoneyOut
    delivery_charge: MoneyOut
    return_charge: MoneyOut
    delivery_charge_applicable: bool
    return_charge_applicable: bool
    net_payable: MoneyOut
    currency: str


class MetaOut(Out):
    """Where a page of the breakdown stands in the whole."""

    page: int
    limit: int
    total: int


class MerchantInvoiceOut(MerchantInvoiceRow):
    """A merchant invoice with one page of its breakdown; the totals are those of all lines."""

    issuer: dict[str, Any]
    bill_to: dict[str, Any]
    generated_by: str
    paid_by: UUID | None
    paid_by_name: str | None
    notes: str
    cancelled_at: datetime | None
    cancel_reason: str
    breakdown: list[InvoiceLineOut]
    breakdown_meta: MetaOut


class TransferRow(Out):
    """One payment to a merchant's bank account, as banks read it."""

    merchant_code: str
    beneficiary_name: str
    bank_name: str
    account_number: str
    amount: MoneyOut
    currency: str
    reference: str


class InvoiceTotals(Out):
    """What invoices that match come to: what is to be paid out, what merchants owe, what was settled."""

    to_pay: MoneyOut
    owed: MoneyOut
    settled: MoneyOut
    currency: str
