"""Bins, their movements and their availability as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from lattis_app.core.schemas import CLEAN, BusinessDate, Changes, Entry, Filters, LongText, Out, any_of
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import BinStatus, MovementType

Serial = Annotated[str, Field(min_length=1, max_length=40), CLEAN, AfterValidator(str.upper)]
Place = Annotated[str, Field(max_length=60), CLEAN]
LONGEST_FORECAST = 92


class BinEntry(Entry):
    """A new bin, standing in the warehouse unless it is in repair."""

    serial_number: Serial
    size: BinSize
    area: Place = ""
    state: Place = ""
    status: Literal[BinStatus.IN_WAREHOUSE, BinStatus.REPAIR] = BinStatus.IN_WAREHOUSE
    notes: LongText | None = None


class BinChanges(Changes):
    """What to change about a bin; where it is changes by movements only."""

    clearable = {"area": "", "state": "", "notes": ""}

    serial_number: Serial | None = None
    size: BinSize | None = None
    area: Place | None = None
    state: Place | None = None
    notes: LongText | None = None


class BinFilters(Filters):
    """Which bins to list. `area` and `state` don't mind case, spaces or underscores; `q` begins a serial number.

    Several statuses are separated by commas.
    """

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[BinStatus, ...], any_of(BinStatus)] = ()
    area: Place = ""
    state: Place = ""
    customer_id: UUID | None = None
    h_ft: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    l_ft: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    w_ft: Annotated[Decimal, Field(gt=0, le=100)] | None = None


class BinOut(Out):
    """A bin, and with whom it is."""

    id: UUID
    serial_number: str
    size: BinSize
    area: str
    state: str
    status: BinStatus
    customer_id: UUID | None
    customer_name: str | None
    delivery_order_id: UUID | None
    notes: str
    created_at: datetime
    updated_at: datetime


class MovementEntry(Entry):
    """A bin going out, in, across or to repair."""

    movement_type: MovementType
    related_do_id: UUID | None = None
    area: Place | None = None
    state: Place | None = None
    notes: LongText | None = None


class MovementOut(Out):
    """One movement of a bin."""

    id: UUID
    bin_id: UUID
    movement_type: MovementType
    from_status: BinStatus
    to_status: BinStatus
    related_do_id: UUID | None
    related_do_number: str | None
    customer_id: UUID | None
    customer_name: str | None
    area: str
    state: str
    notes: str
    moved_at: datetime
    moved_by: str


class ForecastFilters(Filters):
    """The size and the days to look at, at most 92."""

    h_ft: Annotated[Decimal, Field(gt=0, le=100)]
    l_ft: Annotated[Decimal, Field(gt=0, le=100)]
    w_ft: Annotated[Decimal, Field(gt=0, le=100)]
    from_on: Annotated[BusinessDate, Field(alias="from")]
    to_on: Annotated[BusinessDate, Field(alias="to")]

    @field_validator("to_on")
    @classmethod
    def _is_a_short_span(cls, to: date, info: ValidationInfo) -> date:
        since = info.data.get("from_on", to)
        if not 0 <= (to - since).days < LONGEST_FORECAST:
            raise ValueError(f"must be at most {LONGEST_FORECAST - 1} days after from")
        return to


class FreeOn(Out):
    """How many bins of the size are free on a day."""

    on: date
    free: int


class FleetOut(Out):
    """A size of bin: how many there are, and how many stand in the warehouse."""

    size: BinSize
    bins: int
    free: int


class ForecastOut(Out):
    """How many bins of a size there are, and how many are free on each day."""

    size: BinSize
    bins: int
    days: list[FreeOn]
    next_free_on: date | None
