"""Customers as they are typed, changed, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import (
    CLEAN,
    AmountOrZero,
    Changes,
    Email,
    Entry,
    Filters,
    LongText,
    MoneyOut,
    Name,
    Out,
    Phone,
)
from lattis_app.rental.statuses import ShortMessages

TaxNumber = Annotated[str, Field(max_length=40), CLEAN]
Days = Annotated[int, Field(ge=0, le=365)]


class CustomerEntry(Entry):
    """A new customer."""

    company_name: Name
    contact_name: Name | None = None
    phone: Phone
    email: Email | None = None
    address: LongText | None = None
    gst_no: TaxNumber | None = None
    sst_no: TaxNumber | None = None
    payment_terms_days: Days = 30
    credit_limit: AmountOrZero | None = None
    on_stop: bool = False
    po_required: bool = False
    introducer_name: Name | None = None
    notes: LongText | None = None
    email_messages: bool = True
    message_channel: ShortMessages = ShortMessages.NONE


class CustomerChanges(Changes):
    """What to change about a customer."""

    clearable = {
        "contact_name": "",
        "email": None,
        "address": "",
        "gst_no": "",
        "sst_no": "",
        "credit_limit": None,
        "introducer_name": "",
        "notes": "",
    }

    company_name: Name | None = None
    contact_name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: LongText | None = None
    gst_no: TaxNumber | None = None
    sst_no: TaxNumber | None = None
    payment_terms_days: Days | None = None
    credit_limit: AmountOrZero | None = None
    on_stop: bool | None = None
    po_required: bool | None = None
    introducer_name: Name | None = None
    notes: LongText | None = None
    email_messages: bool | None = None
    message_channel: ShortMessages | None = None


class CustomerFilters(Filters):
    """Which customers to list. `q` finds names, phones and e-mail addresses by their beginning."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    on_stop: bool | None = None


class CustomerOut(Out):
    """A customer."""

    id: UUID
    party_id: UUID
    company_name: str
    contact_name: str
    phone: str | None
    email: str | None
    address: str
    gst_no: str
    sst_no: str
    status: str
    payment_terms_days: int
    credit_limit: MoneyOut | None
    on_stop: bool
    po_required: bool
    introducer_name: str
    notes: str
    email_messages: bool
    message_channel: ShortMessages
    created_at: datetime
    updated_at: datetime


class CustomerStanding(Out):
    """What a customer owes and has: unpaid invoices by days overdue, orders on terms that will be invoiced, bins on
    site, bookings to come."""

    owed: MoneyOut
    overdue: MoneyOut
    ageing: dict[str, MoneyOut]
    on_order: MoneyOut
    bins: int
    bookings: int


class CustomerDouble(Out):
    """A customer whom somebody may be typing again, and why."""

    id: UUID
    name: str
    because: list[str]
