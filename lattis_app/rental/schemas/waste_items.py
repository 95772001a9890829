"""Kinds of waste as they are typed, changed, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, AmountOrZero, Changes, Entry, Filters, MoneyOut, Out

ItemName = Annotated[str, Field(min_length=1, max_length=120), CLEAN]
Unit = Annotated[str, Field(min_length=1, max_length=20), CLEAN]


class WasteItemEntry(Entry):
    """A new kind of waste and its price per unit."""

    name: ItemName
    unit: Unit
    price: AmountOrZero


class WasteItemChanges(Changes):
    """What to change; orders already made keep their price."""

    name: ItemName | None = None
    unit: Unit | None = None
    price: AmountOrZero | None = None
    active: bool | None = None


class WasteItemFilters(Filters):
    """Which kinds of waste to list."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    active: bool | None = None


class WasteItemOut(Out):
    """A kind of waste."""

    id: UUID
    name: str
    unit: str
    price: MoneyOut
    active: bool
    status: str
    created_at: datetime
    updated_at: datetime
