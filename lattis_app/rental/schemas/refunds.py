"""Refunds as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from lattis_app.core.schemas import Amount, Entry, MoneyOut, Out, Reason, Span, any_of
from lattis_app.rental.schemas.invoices import Reference, Search
from lattis_app.rental.statuses import PaymentMethod, PayoutMethod, RefundStatus, RefundTarget


class RefundEntry(Entry):
    """What is to be given back, and why."""

    target_type: RefundTarget
    target_id: UUID
    reason: Reason
    amount: Amount


class RejectionEntry(Entry):
    """Why a refund is refused."""

    reason: Reason


class RefundPayout(Entry):
    """How the customer gets the money; without a method each payment goes back the way it came."""

    payment_method: PayoutMethod | None = None
    reference: Reference = ""


class RefundFilters(Span):
    """Which refunds to list, by the day they were asked for. `q` begins a number or is part of a customer's name.

    Several statuses are separated by commas.
    """

    q: Search = ""
    status: Annotated[tuple[RefundStatus, ...], any_of(RefundStatus)] = ()
    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    delivery_order_id: UUID | None = None


class RefundRow(Out):
    """A refund in a list. `target_id` is the order or the invoice it was asked for."""

    id: UUID
    refund_number: str
    status: RefundStatus
    target_type: RefundTarget
    target_id: UUID
    delivery_order_id: UUID
    system_do_number: str | None
    invoice_id: UUID | None
    invoice_number: str | None
    customer_id: UUID
    customer_name: str
    amount: MoneyOut
    tax: MoneyOut
    currency: str
    reason: str
    requested_on: date
    requested_by: str
    approved_at: datetime | None
    rejected_at: datetime | None
    rejection: str
    processed_at: datetime | None
    payment_method: str
    reference: str
    created_at: datetime
    updated_at: datetime


class RefundPartOut(Out):
    """What a refund took out of one payment, and out of which account."""

    payment_id: UUID
    receipt_number: str
    method: PaymentMethod
    account: str
    driver_id: UUID | None
    driver_name: str | None
    amount: MoneyOut


class RefundOut(RefundRow):
    """A refund with the payments it gives back."""

    parts: list[RefundPartOut]


class RefundableOut(Out):
    """How much of an order's or an invoice's money can still be refunded."""

    target_type: RefundTarget
    target_id: UUID
    number: str
    customer_name: str
    currency: str
    refundable: MoneyOut


class RefundTargetEntry(Entry):
    """What somebody wants to refund."""

    target_type: RefundTarget
    target_id: UUID
