"""Invoices, payments, receipts and commissions as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import (
    CLEAN,
    NUMBER,
    Amount,
    BusinessDate,
    Changes,
    Entry,
    Filters,
    LongText,
    MoneyOut,
    Out,
    Quantity,
    Reason,
    Span,
    any_of,
)
from lattis_app.rental.statuses import CommissionStatus, InvoiceStatus, PaymentMethod, PayoutMethod

Reference = Annotated[str, Field(max_length=200), CLEAN]
Search = Annotated[str, Field(max_length=120), CLEAN]
Place = Annotated[str, Field(max_length=60), CLEAN]


class FromOrderEntry(Entry):
    """Whether the invoice is issued at once, or left a draft."""

    issue: bool = True


class InvoiceChanges(Changes):
    """What to change about a draft."""

    clearable = {"notes": ""}

    notes: LongText | None = None


class VoidEntry(Entry):
    """Why an invoice no longer counts."""

    reason: Reason


class InvoiceFilters(Span):
    """Which invoices to list, by the day of issue or due. `q` begins a number or is part of a customer's name.

    Several statuses or methods are separated by commas. `area` and `state` are the delivery order's; they don't mind
    case, spaces or underscores.
    """

    q: Search = ""
    status: Annotated[tuple[InvoiceStatus, ...], any_of(InvoiceStatus)] = ()
    customer_id: UUID | None = None
    delivery_order_id: UUID | None = None
    overdue: bool | None = None
    due_from: BusinessDate | None = None
    due_to: BusinessDate | None = None
    method: Annotated[tuple[PaymentMethod, ...], any_of(PaymentMethod)] = ()
    area: Place = ""
    state: Place = ""


class InvoiceLineOut(Out):
    """One line of an invoice."""

    position: int
    description: str
    quantity: Quantity
    unit: str
    price: MoneyOut
    amount: MoneyOut


class InvoiceRow(Out):
    """An invoice in a list. `days_overdue` counts from the day after it was due.

    A `supplementary` one holds what was charged after the order's own invoice had been issued.
    """

    id: UUID
    invoice_number: str | None
    status: InvoiceStatus
    supplementary: bool
    delivery_order_id: UUID
    system_do_number: str | None
    customer_id: UUID
    customer_name: str
    payment_method: PaymentMethod
    currency: str
    subtotal: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    paid: MoneyOut
    refunded: MoneyOut
    balance: MoneyOut
    issued_at: datetime | None
    issued_on: date | None
    due_on: date | None
    days_overdue: int
    created_at: datetime
    updated_at: datetime


class PaymentOut(Out):
    """Money received, with its receipt's number."""

    id: UUID
    invoice_id: UUID | None
    delivery_order_id: UUID | None
    customer_id: UUID
    customer_name: str
    method: PaymentMethod
    amount: MoneyOut
    refunded: MoneyOut
    currency: str
    reference: str
    receipt_number: str
    received_at: datetime
    received_on: date
    driver_id: UUID | None
    driver_name: str | None
    received_by: str
    status: str = "received"
    created_at: datetime
    updated_at: datetime


class InvoiceOut(InvoiceRow):
    """An invoice with its lines and payments; issuer and customer are as they were when it was issued."""

    tax_rate: Annotated[Decimal, *NUMBER]
    notes: str
    issuer: dict[str, Any]
    bill_to: dict[str, Any]
    paid_at: datetime | None
    closed_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    lines: list[InvoiceLineOut]
    payments: list[PaymentOut]


class PaymentEntry(Entry):
    """Money received on an invoice."""

    method: PaymentMethod
    amount: Amount
    reference: Reference = ""


class CollectionEntry(Entry):
    """Money a driver took on site."""

    payment_method: PaymentMethod
    amount: Amount
    reference: Reference = ""


class PaymentFilters(Span):
    """Which payments to list, by the day they came. `q` begins a receipt number or is part of a customer's name.

    Several methods are separated by commas.
    """

    q: Search = ""
    invoice_id: UUID | None = None
    delivery_order_id: UUID | None = None
    customer_id: UUID | None = None
    method: Annotated[tuple[PaymentMethod, ...], any_of(PaymentMethod)] = ()
    driver_id: UUID | None = None


class ReceiptOut(Out):
    """A receipt as it was given."""

    id: UUID
    payment_id: UUID
    receipt_number: str
    issued_at: datetime
    content: dict[str, Any]


class CommissionFilters(Filters):
    """Which commissions to list; several statuses are separated by commas."""

    q: Search = ""
    status: Annotated[tuple[CommissionStatus, ...], any_of(CommissionStatus)] = ()


class CommissionOut(Out):
    """What an introducer earns; with a negative amount, what they give back after a refund."""

    id: UUID
    delivery_order_id: UUID
    refund_id: UUID | None
    system_do_number: str | None
    customer_name: str
    introducer_name: str
    status: CommissionStatus
    amount: MoneyOut | None
    currency: str
    order_amount: MoneyOut
    payment_method: str
    reference: str
    eligible_at: datetime | None
    approved_at: datetime | None
    paid_at: datetime | None
    created_at: datetime
    updated_at: datetime


class CommissionApproval(Entry):
    """What the introducer gets."""

    amount: Amount
    introducer_name: Annotated[str, Field(min_length=1, max_length=200), CLEAN] | None = None


class CommissionPayout(Entry):
    """How the introducer was paid."""

    payment_method: PayoutMethod
    reference: Reference = ""
