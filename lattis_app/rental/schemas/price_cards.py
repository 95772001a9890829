"""Price cards as they are typed, changed, filtered and shown (contract: rental.md, "Records")."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import (
    CLEAN,
    NUMBER,
    Amount,
    AmountOrZero,
    Changes,
    Entry,
    Filters,
    MoneyOut,
    Out,
)
from lattis_app.rental.schemas.parts import BinSize, Feet

Days = Annotated[int, Field(ge=0, le=365)]
Tonnes = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=3), *NUMBER]


class PriceCardEntry(Entry):
    """What a bin of a size costs for a kind of waste, and what is included."""

    bin_size: BinSize
    waste_item_id: UUID
    base_price: Amount
    included_days: Days
    included_tonnes: Tonnes
    overrun_per_day: AmountOrZero = Decimal(0)
    per_extra_tonne: AmountOrZero = Decimal(0)
    failed_trip_fee: AmountOrZero = Decimal(0)


class PriceCardChanges(Changes):
    """What to change; orders already issued keep their terms."""

    base_price: Amount | None = None
    included_days: Days | None = None
    included_tonnes: Tonnes | None = None
    overrun_per_day: AmountOrZero | None = None
    per_extra_tonne: AmountOrZero | None = None
    failed_trip_fee: AmountOrZero | None = None
    active: bool | None = None


class PriceCardFilters(Filters):
    """Which price cards to list; `q` is part of the waste's name. A size and a waste have one card."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    waste_item_id: UUID | None = None
    h_ft: Feet | None = None
    l_ft: Feet | None = None
    w_ft: Feet | None = None
    active: bool | None = None


class PriceCardOut(Out):
    """A price card."""

    id: UUID
    bin_size: BinSize
    waste_item_id: UUID
    waste_item_name: str
    base_price: MoneyOut
    included_days: int
    overrun_per_day: MoneyOut
    included_tonnes: Tonnes
    per_extra_tonne: MoneyOut
    failed_trip_fee: MoneyOut
    currency: str
    active: bool
    status: str
    created_at: datetime
    updated_at: datetime
