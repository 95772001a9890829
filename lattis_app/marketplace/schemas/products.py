"""Products as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lattis_app.core.schemas import (
    CamelChanges,
    CamelEntry,
    CamelFilters,
    CamelOut,
    LongText,
    MoneyOut,
    Name,
)
from lattis_app.marketplace.schemas.parts import Price, Search
from lattis_app.marketplace.statuses import Currency


class ProductEntry(CamelEntry):
    """Something a seller offers."""

    name: Name
    description: LongText = ""
    price: Price
    currency: Currency = Currency.MKD


class ProductChanges(CamelChanges):
    """What to change about a product; orders already taken keep name and price."""

    clearable = {"description": ""}

    name: Name | None = None
    description: LongText | None = None
    price: Price | None = None
    currency: Currency | None = None


class ProductFilters(CamelFilters):
    """Which of one's own products to list; `hidden` are those that the system made inactive."""

    q: Search = ""
    active: bool | None = None
    hidden: bool | None = None


class OfferFilters(CamelFilters):
    """Which products on offer to list."""

    q: Search = ""
    seller_id: UUID | None = None


class ProductOut(CamelOut):
    """A product as its seller sees it. `hidden_by_system` waits to be reactivated."""

    id: UUID
    name: str
    description: str
    price: MoneyOut
    currency: Currency
    active: bool
    hidden_by_system: bool
    hidden_at: datetime | None
    created_at: datetime
    updated_at: datetime


class OfferOut(CamelOut):
    """A product as the public sees it."""

    id: UUID
    name: str
    description: str
    price: MoneyOut
    currency: Currency
    seller_id: UUID
    store_name: str


class ReactivatedOut(CamelOut):
    """How many products were made active again."""

    reactivated: int
