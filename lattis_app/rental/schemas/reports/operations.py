"""Reports of bookings, delivery orders, drivers, lorries and bins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, MoneyOut, Out
from lattis_app.rental.schemas.reports.parts import PeriodOut, ReportFilters, Tenths
from lattis_app.rental.schemas.reports.sales import AreaKey, MethodKey
from lattis_app.rental.statuses import (
    BinStatus,
    BookingStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    LorryStatus,
    MovementType,
)


class BookingRow(Out):
    """The bookings that stand at one status; the share is of all, in percent."""

    status: BookingStatus
    bookings: int
    share: Tenths


class BookingTotals(Out):
    """Bookings that were not cancelled, how many of them are fulfilled, and the cancelled ones."""

    bookings: int
    open: int
    fulfilled: int
    cancelled: int
    fulfilled_share: Tenths


class OrderRow(Out):
    """The delivery orders that stand at one status in the office and on the road."""

    status: DeliveryOrderStatus
    fulfilment_status: FulfilmentStatus
    delivery_orders: int
    amount: MoneyOut
    weight_kg: int


class OrderTotals(Out):
    """Delivery orders that are neither drafts nor cancelled."""

    delivery_orders: int
    amount: MoneyOut
    average_amount: MoneyOut
    weight_kg: int
    done: int
    failed: int
    drafts: int
    cancelled: int


class DailyRow(Out):
    """The delivery orders of one day."""

    date: date
    count: int
    amount: MoneyOut


class CountAndAmount(Out):
    """How many, and what they come to."""

    count: int
    amount: MoneyOut


class MethodRow(CountAndAmount, MethodKey):
    """The payments made in one way."""


class CashSums(Out):
    """Cash that came in, and what is still owed for the delivery orders."""

    cash_collected: MoneyOut
    pending: MoneyOut


class CashRow(CashSums, PeriodOut):
    """Cash and debts of one period."""


class DriverKey(Out):
    """A driver."""

    driver_id: UUID
    driver_name: str


class DriverMoney(Out):
    """Delivery orders driven, what they come to, and what the driver took."""

    delivery_orders: int
    amount: MoneyOut
    collected: MoneyOut


class DriverMoneyRow(DriverMoney, DriverKey):
    """What one driver drove and took."""


class DriverWork(Out):
    """Jobs and how they ended, trips and hours on the road."""

    delivery_orders: int
    done: int
    failed: int
    trips: int
    drive_hours: Tenths


class DriverRow(DriverWork, DriverKey):
    """How one driver works: the share of jobs done, and how long a trip takes."""

    done_share: Tenths
    minutes_per_trip: int


class LorryFilters(ReportFilters):
    """A span, of one lorry or of all."""

    lorry_id: UUID | None = None


class TripFilters(LorryFilters):
    """A span, of one lorry or driver or of all."""

    driver_id: UUID | None = None


class LorryRow(Out):
    """How much one lorry is used: days with a job in percent of the days of the span."""

    lorry_id: UUID
    registration_no: str
    type: str
    status: LorryStatus
    delivery_orders: int
    trips: int
    drive_hours: Tenths
    days_used: int
    utilisation: Tenths


class LorryTotals(Out):
    """How much the fleet is used."""

    lorries: int
    delivery_orders: int
    trips: int
    drive_hours: Tenths
    utilisation: Tenths


class HiredRow(Out):
    """How much a hired lorry was used, and what that costs by the day or by the trip."""

    rentable_lorry_id: UUID
    registration_no: str
    owner_name: str
    delivery_orders: int
    trips: int
    days_used: int
    daily_rate: MoneyOut
    trip_rate: MoneyOut
    cost_by_day: MoneyOut
    cost_by_trip: MoneyOut


class HiredTotals(Out):
    """How much all hired lorries were used, and what that costs."""

    rentable_lorries: int
    delivery_orders: int
    trips: int
    days_used: int
    cost_by_day: MoneyOut
    cost_by_trip: MoneyOut


class TripRow(Out):
    """One drive."""

    trip_id: UUID
    lorry_id: UUID
    registration_no: str
    driver_id: UUID
    driver_name: str
    delivery_order_id: UUID | None
    system_do_number: str | None
    departed_at: datetime
    arrived_at: datetime | None
    minutes: int | None
    from_location: str
    to_location: str


class TripTotals(Out):
    """Drives, those that have not ended, and hours on the road."""

    trips: int
    on_the_road: int
    drive_hours: Tenths


class BinSums(Out):
    """Bins by where they are now, and how often they went out and came in during the span."""

    bins: int
    in_warehouse: int
    assigned: int
    with_customer: int
    collected: int
    repair: int
    went_out: int
    came_in: int


class SizeKey(Out):
    """A size of bins: `4 × 12 × 6 ft`."""

    size: str


class InventoryRow(BinSums, SizeKey):
    """The bins of one size."""

    utilisation: Tenths


class InventoryTotals(BinSums):
    """All bins; `utilisation` is the share with customers or on their way, in percent."""

    utilisation: Tenths


class StockRow(SizeKey):
    """The bins of one size that stand at one status."""

    status: BinStatus
    count: int


class StockTotals(Out):
    """All bins, those ready for a customer, and those with one."""

    bins: int
    on_hand: int
    with_customer: int


class SerialFilters(ReportFilters):
    """A span, of the bin with this serial number or of all bins."""

    serial_number: Annotated[str, Field(max_length=40), CLEAN] = ""


class MovementRow(Out):
    """One movement of one bin."""

    movement_id: UUID
    bin_id: UUID
    serial_number: str
    moved_at: datetime
    movement_type: MovementType
    from_status: BinStatus
    to_status: BinStatus
    delivery_order_id: UUID | None
    system_do_number: str | None
    customer_id: UUID | None
    customer: str | None
    area: str
    state: str
    moved_by: str


class MovementTotals(Out):
    """Movements by direction."""

    movements: int
    out: int
    back: int
    transfers: int
    repairs: int


class AreaBinsRow(AreaKey):
    """The bins with customers in one place, and how many should be back by now."""

    bins_out: int
    late: int


class AreaBinsTotals(Out):
    """All bins with customers."""

    bins_out: int
    late: int
    areas: int
