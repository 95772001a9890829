"""Drivers' cash and its hand-overs as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from lattis_app.core.schemas import (
    AmountOrZero,
    Entry,
    Filters,
    LongText,
    MoneyOut,
    Out,
    Reason,
    Span,
    any_of,
)
from lattis_app.rental.schemas.invoices import PaymentOut, Search
from lattis_app.rental.statuses import DriverStatus, HandOverStatus


class HandOverEntry(Entry):
    """What the office counted. `expected` is what it believed the driver held: it is refused if that has changed."""

    counted: AmountOrZero
    expected: AmountOrZero | None = None
    note: LongText = ""


class CancellationEntry(Entry):
    """Why a count does not stand."""

    reason: Reason


class HandOverFilters(Span):
    """Which hand-overs to list, by the day they were counted; several statuses are separated by commas."""

    driver_id: UUID | None = None
    status: Annotated[tuple[HandOverStatus, ...], any_of(HandOverStatus)] = ()


class HandOverOut(Out):
    """A hand-over. `difference` is what was counted beyond what the books expected, negative when short."""

    id: UUID
    hand_over_number: str
    driver_id: UUID
    driver_name: str
    status: HandOverStatus
    currency: str
    expected: MoneyOut
    counted: MoneyOut
    difference: MoneyOut
    note: str
    counted_at: datetime
    counted_on: date
    counted_by: str
    signed_at: datetime | None
    signed_by: str
    cancelled_at: datetime | None
    cancellation: str
    created_at: datetime
    updated_at: datetime


class DriverCashFilters(Filters):
    """Which drivers to list: `holding` those with cash, `unsigned` those whose last count nobody signed."""

    q: Search = ""
    holding: bool | None = None
    unsigned: bool | None = None


class DriverCashOut(Out):
    """A driver and the cash they hold by the books."""

    driver_id: UUID
    driver_name: str
    phone: str
    status: DriverStatus
    currency: str
    held: MoneyOut
    last_counted_at: datetime | None
    unsigned: bool


class CashMovementOut(Out):
    """One entry of the ledger about a driver's cash: money taken, given back or handed over."""

    at: datetime
    kind: str
    memo: str
    amount: MoneyOut


class CashMonthOut(Out):
    """A driver's month: what was brought into it, taken, given back and handed over comes to what is held."""

    since: date
    brought_forward: MoneyOut
    collected: MoneyOut
    given_back: MoneyOut
    handed_over: MoneyOut


class DriverCashRecord(DriverCashOut):
    """A driver's cash with this month, the latest movements and hand-overs."""

    month: CashMonthOut
    movements: list[CashMovementOut]
    hand_overs: list[HandOverOut]


class CashOut(Out):
    """What a driver collected, gave back, handed over and holds."""

    driver_id: UUID
    currency: str
    held: MoneyOut
    collected_today: MoneyOut
    by_method: dict[str, MoneyOut]
    month: CashMonthOut
    payments: list[PaymentOut]
    hand_overs: list[HandOverOut]
