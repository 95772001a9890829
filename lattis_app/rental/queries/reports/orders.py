"""Reports of bookings and delivery orders, by the day of service; money by the day it came."""

from __future__ import annotations

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.queries.reports.parts import (
    BALANCE,
    OFFICIAL,
    OPEN,
    B,
    D,
    I,
    P,
    added,
    answer,
    by_period,
    count,
    on_days,
    one_each,
    span_of,
    total,
)
from lattis_app.rental.rules.reports import Granularity, share
from lattis_app.rental.schemas.reports.operations import (
    BookingRow,
    BookingTotals,
    CashRow,
    CashSums,
    CountAndAmount,
    DailyRow,
    MethodRow,
    OrderRow,
    OrderTotals,
)
from lattis_app.rental.schemas.reports.parts import PeriodFilters, ReportFilters, ReportOut
from lattis_app.rental.statuses import BookingStatus, DeliveryOrderStatus, FulfilmentStatus, PaymentMethod

NOT_INVOICED = D.status.in_((DeliveryOrderStatus.ISSUED, DeliveryOrderStatus.PENDING_INVOICE))


@requires(Permission.RENTAL_REPORTS_READ)
def bookings(session: Session, actor: Actor, filters: ReportFilters) -> ReportOut[BookingTotals, BookingRow]:
    """Bookings by status, by the day the bin is wanted."""
    statement = (
        select(B.status, count().label("number")).where(on_days(B.scheduled_on, filters)).group_by(B.status)
    )
    found = {row.status: row.number for row in session.execute(statement)}
    every = sum(found.values())
    rows = [
        BookingRow(status=status, bookings=found.get(status, 0), share=share(found.get(status, 0), every))
        for status in BookingStatus
    ]
    cancelled, fulfilled = found.get(BookingStatus.CANCELLED, 0), found.get(BookingStatus.FULFILLED, 0)
    totals = BookingTotals(
        bookings=every - cancelled,
        open=every - cancelled - fulfilled,
        fulfilled=fulfilled,
        cancelled=cancelled,
        fulfilled_share=share(fulfilled, every),
    )
    return answer(span_of(filters), totals, rows)


@requires(Permission.RENTAL_REPORTS_READ)
def by_status(session: Session, actor: Actor, filters: ReportFilters) -> ReportOut[OrderTotals, OrderRow]:
    """Delivery orders by where they stand in the office and on the road."""
    statement = (
        select(
            D.status,
            D.fulfilment_status,
            count().label("delivery_orders"),
            total(D.amount_minor).label("amount"),
            total(D.weight_kg).label("weight_kg"),
        )
        .where(on_days(D.service_on, filters))
        .group_by(D.status, D.fulfilment_status)
    )
    ways, roads = list(DeliveryOrderStatus), list(FulfilmentStatus)
    rows = sorted(
        (OrderRow(**row._mapping) for row in session.execute(statement)),
        key=lambda row: (ways.index(row.status), roads.index(row.fulfilment_status)),
    )
    unofficial = (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)
    official = [row for row in rows if row.status not in unofficial]
    ended = {
        name: sum(row.delivery_orders for row in official if row.fulfilment_status == name)
        for name in (FulfilmentStatus.DONE, FulfilmentStatus.FAILED)
    }
    drafts, cancelled = (
        sum(row.delivery_orders for row in rows if row.status == status) for status in unofficial
    )
    orders, amount = sum(row.delivery_orders for row in official), sum(row.amount for row in official)
    totals = OrderTotals(
        delivery_orders=orders,
        amount=amount,
        average_amount=amount // orders if orders else 0,
        weight_kg=sum(row.weight_kg for row in official),
        done=ended[FulfilmentStatus.DONE],
        failed=ended[FulfilmentStatus.FAILED],
        drafts=drafts,
        cancelled=cancelled,
    )
    return answer(span_of(filters), totals, rows)


@requires(Permission.RENTAL_REPORTS_READ)
def daily_totals(
    session: Session, actor: Actor, filters: ReportFilters
) -> ReportOut[CountAndAmount, DailyRow]:
    """How many delivery orders each day had, and what they come to."""
    days = select(D.service_on.label("day"), count().label("count"), total(D.amount_minor).label("amount"))
    found = session.execute(days.where(OFFICIAL, on_days(D.service_on, filters)).group_by(D.service_on))
    rows = by_period(DailyRow, filters, Granularity.DAILY, found)
    return answer(span_of(filters), added(CountAndAmount, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def payments_by_method(
    session: Session, actor: Actor, filters: ReportFilters
) -> ReportOut[CountAndAmount, MethodRow]:
    """Money that came in, by the way it came."""
    sums = (count().label("count"), total(P.amount_minor).label("amount"))
    statement = select(P.method, *sums).where(on_days(P.received_on, filters)).group_by(P.method)
    rows = one_each(MethodRow, "method", PaymentMethod, session.execute(statement))
    return answer(span_of(filters), added(CountAndAmount, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def cash_vs_pending(session: Session, actor: Actor, filters: PeriodFilters) -> ReportOut[CashSums, CashRow]:
    """Cash by the day it came, and what is still owed for orders of the day, invoiced or not."""
    cash = select(
        P.received_on.label("day"), total(P.amount_minor).label("cash_collected"), literal(0).label("pending")
    ).where(P.method == PaymentMethod.CASH, on_days(P.received_on, filters))
    owed = (
        select(D.service_on, literal(0), total(BALANCE))
        .join_from(RentalInvoice, RentalDeliveryOrder, I.delivery_order_id == D.id)
        .where(OPEN, on_days(D.service_on, filters))
    )
    unbilled = func.greatest(D.amount_minor - D.collected_minor, 0)
    waiting = select(D.service_on, literal(0), total(unbilled)).where(
        NOT_INVOICED, on_days(D.service_on, filters)
    )
    statement = union_all(
        cash.group_by(P.received_on), owed.group_by(D.service_on), waiting.group_by(D.service_on)
    )
    rows = by_period(CashRow, filters, filters.step, session.execute(statement))
    return answer(span_of(filters), added(CashSums, rows), rows)
