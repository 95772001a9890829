"""Charges beyond orders' own amounts as they are billed, waived, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Entry, Filters, MoneyOut, Out, Quantity, Reason, any_of
from lattis_app.rental.statuses import ChargeKind, ChargeStatus


class BillingEntry(Entry):
    """Which charges go on their orders' next invoices."""

    charge_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class WaiverEntry(Entry):
    """Why a charge is not billed."""

    reason: Reason


class ChargeFilters(Filters):
    """Which charges to list. `q` begins an order's number or is part of its customer's name."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[ChargeStatus, ...], any_of(ChargeStatus)] = ()
    kind: Annotated[tuple[ChargeKind, ...], any_of(ChargeKind)] = ()
    customer_id: UUID | None = None
    delivery_order_id: UUID | None = None


class ChargeOut(Out):
    """Something charged beyond an order's own amount, and the invoice it is on."""

    id: UUID
    delivery_order_id: UUID
    system_do_number: str | None
    customer_id: UUID
    customer_name: str
    kind: ChargeKind
    description: str
    quantity: Quantity
    unit: str
    price: MoneyOut
    amount: MoneyOut
    currency: str
    status: ChargeStatus
    invoice_id: UUID | None
    invoice_number: str | None
    billed_at: datetime | None
    waived_at: datetime | None
    waive_reason: str
    created_at: datetime
    updated_at: datetime


class ChargesOut(Out):
    """How much waits to be billed."""

    count: int
    total: MoneyOut
    currency: str
