"""Sellers as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from lattis_app.core.schemas import (
    CLEAN,
    CamelChanges,
    CamelEntry,
    CamelFilters,
    CamelOut,
    Email,
    LongText,
    MoneyOut,
    Name,
    Phone,
)
from lattis_app.marketplace.schemas.parts import Percent, PercentOut, Search
from lattis_app.marketplace.statuses import Currency

Code = Annotated[
    str, AfterValidator(str.upper), Field(min_length=2, max_length=12, pattern="^[A-Za-z0-9]+$"), CLEAN
]


class SellerEntry(CamelEntry):
    """A new seller; a code of none is made from the store's name, fees of none are the marketplace's."""

    store_name: Name
    contact_name: Annotated[str, Field(max_length=200), CLEAN] = ""
    email: Email | None = None
    phone: Phone | None = None
    address: LongText | None = None
    code: Code | None = None
    base_currency: Currency = Currency.MKD
    platform_fee_percent: Percent | None = None
    affiliate_fee_percent: Percent | None = None


class SellerChanges(CamelChanges):
    """What to change about a seller; orders already delivered keep their fees."""

    clearable = {
        "contact_name": "",
        "email": None,
        "phone": None,
        "address": "",
        "platform_fee_percent": None,
        "affiliate_fee_percent": None,
    }

    store_name: Name | None = None
    contact_name: Annotated[str, Field(max_length=200), CLEAN] | None = None
    email: Email | None = None
    phone: Phone | None = None
    address: LongText | None = None
    base_currency: Currency | None = None
    platform_fee_percent: Percent | None = None
    affiliate_fee_percent: Percent | None = None


class SellerFilters(CamelFilters):
    """Which sellers to list. `q` is part of the store's or owner's name, a code, or begins an e-mail address."""

    q: Search = ""
    restricted: bool | None = None


class SellerOut(CamelOut):
    """A seller with what is still to be paid, and of it what is overdue."""

    id: UUID
    party_id: UUID
    code: str
    store_name: str
    contact_name: str
    email: str | None
    phone: str | None
    address: str
    base_currency: Currency
    platform_fee_percent: PercentOut | None
    affiliate_fee_percent: PercentOut | None
    restricted: bool
    restricted_at: datetime | None
    overdue_invoices: int
    open_invoices: int
    open_amount_mkd: MoneyOut
    open_amount_eur: MoneyOut
    created_at: datetime
    updated_at: datetime
