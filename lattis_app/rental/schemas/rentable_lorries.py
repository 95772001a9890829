"""Other people's lorries as they are typed, changed, filtered and shown (seed: "Rentable Lorries")."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import (
    CLEAN,
    AmountOrZero,
    Changes,
    Entry,
    Filters,
    LongText,
    MoneyOut,
    Name,
    Out,
    Phone,
)
from lattis_app.rental.schemas.lorries import Capacity, Kind, Plate


class RentableLorryEntry(Entry):
    """A lorry that can be hired, whose it is and what it costs a day or a trip."""

    registration_no: Plate
    owner_name: Name
    owner_phone: Phone | None = None
    type: Kind = ""
    capacity_kg: Capacity | None = None
    daily_rate: AmountOrZero = Decimal(0)
    trip_rate: AmountOrZero = Decimal(0)
    notes: LongText | None = None


class RentableLorryChanges(Changes):
    """What to change about a rentable lorry; one that is not `active` is not offered any more."""

    clearable = {"owner_phone": "", "type": "", "capacity_kg": None, "notes": ""}

    registration_no: Plate | None = None
    owner_name: Name | None = None
    owner_phone: Phone | None = None
    type: Kind | None = None
    capacity_kg: Capacity | None = None
    daily_rate: AmountOrZero | None = None
    trip_rate: AmountOrZero | None = None
    active: bool | None = None
    notes: LongText | None = None


class RentableLorryFilters(Filters):
    """Which rentable lorries to list. `q` is part of a registration number, an owner's name or a type."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    active: bool | None = None


class RentableLorryOut(Out):
    """A lorry that can be hired."""

    id: UUID
    registration_no: str
    owner_name: str
    owner_phone: str
    type: str
    capacity_kg: int | None
    daily_rate: MoneyOut
    trip_rate: MoneyOut
    currency: str
    active: bool
    status: str
    notes: str
    created_at: datetime
    updated_at: datetime
