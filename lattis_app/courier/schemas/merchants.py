"""Merchants as they are typed, changed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

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
    ShortText,
)

Code = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{1,19}$")]
ParcelAmount = Annotated[AmountOrZero, Field(le=10_000_000)]
"""What is collected or charged for one parcel: no number of parcels comes to more than an invoice can hold."""
AccountNumber = Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z -]*$")]


class MerchantEntry(Entry):
    """A new merchant. Charges that are given become those of new parcels that name none."""

    name: Name
    code: Code
    contact_name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: LongText | None = None
    bank_name: ShortText | None = None
    bank_account_number: AccountNumber | None = None
    bank_account_holder: Name | None = None
    delivery_charge: ParcelAmount | None = None
    return_charge: ParcelAmount | None = None
    active: bool = True
    notes: LongText | None = None


class MerchantChanges(Changes):
    """What to change about a merchant."""

    clearable = {
        "contact_name": "",
        "phone": None,
        "email": None,
        "address": "",
        "bank_name": "",
        "bank_account_number": "",
        "bank_account_holder": "",
        "delivery_charge": None,
        "return_charge": None,
        "notes": "",
    }

    name: Name | None = None
    code: Code | None = None
    contact_name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: LongText | None = None
    bank_name: ShortText | None = None
    bank_account_number: AccountNumber | None = None
    bank_account_holder: Name | None = None
    delivery_charge: ParcelAmount | None = None
    return_charge: ParcelAmount | None = None
    active: bool | None = None
    notes: LongText | None = None


class MerchantFilters(Filters):
    """Which merchants to list. `q` finds codes by their beginning, names and contacts by any part."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    active: bool | None = None


class MerchantOut(Out):
    """A merchant."""

    id: UUID
    party_id: UUID
    name: str
    code: str
    contact_name: str
    phone: str | None
    email: str | None
    address: str
    bank_name: str
    bank_account_number: str
    bank_account_holder: str
    delivery_charge: MoneyOut | None
    return_charge: MoneyOut | None
    currency: str
    active: bool
    notes: str
    created_at: datetime
    updated_at: datetime


class MerchantStanding(Out):
    """Where a merchant stands: what the next settlement holds, what is open, what was paid last.

    `carried` is what the merchant owes on earlier invoices; the next settlement takes it off. `next_settlement_at` is
    when the scheduled run is due.
    """

    next_settlement_at: datetime | None
    eligible_parcels: int
    eligible_payable: MoneyOut
    held_parcels: int
    open_invoices: int
    open_payable: MoneyOut
    carried: MoneyOut
    paid_in_all: MoneyOut
    last_paid: MoneyOut | None
    last_paid_at: datetime | None
    last_reference: str | None
    currency: str


class WeekOut(Out):
    """Cash collected on delivery in one week, and what it comes to for the merchant."""

    week: date
    parcels: int
    cod_collected: MoneyOut
    payable: MoneyOut
