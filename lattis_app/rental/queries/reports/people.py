"""Reports of drivers, own and hired lorries: orders by the day of service, trips by the moment they began."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, Subquery, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import (
    RentalDeliveryOrder,
    RentalDriver,
    RentalLorry,
    RentalLorryTrip,
    RentalRentableLorry,
)
from lattis_app.rental.queries.reports.parts import (
    IN_ALL,
    OFFICIAL,
    D,
    H,
    L,
    P,
    R,
    T,
    added,
    answer,
    at_moments,
    count,
    listed,
    on_days,
    only,
    span_of,
    total,
)
from lattis_app.rental.rules.reports import hours, share
from lattis_app.rental.schemas.reports.operations import (
    DriverMoney,
    DriverMoneyRow,
    DriverRow,
    DriverWork,
    HiredRow,
    HiredTotals,
    LorryFilters,
    LorryRow,
    LorryTotals,
    TripFilters,
    TripRow,
    TripTotals,
)
from lattis_app.rental.schemas.reports.parts import MOST_ROWS, DriverFilters, ReportFilters, ReportOut
from lattis_app.rental.statuses import DriverStatus, FulfilmentStatus, LorryStatus

DRIVEN = T.arrived_at - T.departed_at
SECONDS = func.coalesce(func.extract("epoch", func.sum(DRIVEN)), 0)
DONE = D.fulfilment_status == FulfilmentStatus.DONE
FAILED = D.fulfilment_status == FulfilmentStatus.FAILED


def _of_drivers(parts: CompoundSelect[Any], *names: str) -> Any:
    """Each driver with what the parts add up to: those who work for the company, and whoever did something."""
    each: Subquery = parts.subquery()
    return (
        select(
            R.id.label("driver_id"),
            R.name.label("driver_name"),
            *(total(each.c[name]).label(name) for name in names),
        )
        .join_from(RentalDriver, each, each.c.driver_id == R.id, isouter=True)
        .where(or_(each.c.driver_id.is_not(None), R.status == DriverStatus.ACTIVE))
        .group_by(R.id, R.name)
    )


@requires(Permission.RENTAL_REPORTS_READ)
def money_by_driver(
    session: Session, actor: Actor, filters: DriverFilters
) -> ReportOut[DriverMoney, DriverMoneyRow]:
    """What each driver drove, what it comes to, and the money they took, by the day it came."""
    driven = select(
        D.driver_id, count().label("delivery_orders"), total(D.amount_minor).label("amount"),
        literal(0).label("collected"),
    ).where(OFFICIAL, on_days(D.service_on, filters))  # fmt: skip
    taken = select(P.driver_id, literal(0), literal(0), total(P.amount_minor)).where(
        P.driver_id.is_not(None), on_days(P.received_on, filters)
    )
    parts = union_all(driven.group_by(D.driver_id), taken.group_by(P.driver_id))
    names = ("delivery_orders", "amount", "collected")
    statement = only(_of_drivers(parts, *names), R.id, filters.driver_id)
    found = session.execute(statement.order_by(R.name))
    rows = sorted((DriverMoneyRow(**row._mapping) for row in found), key=lambda row: -row.amount)
    return answer(span_of(filters), added(DriverMoney, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def drivers(session: Session, actor: Actor, filters: DriverFilters) -> ReportOut[DriverWork, DriverRow]:
    """How many jobs each driver had and ended, and how long they were on the road."""
    driven = select(
        D.driver_id, count().label("delivery_orders"), count(DONE).label("done"), count(FAILED).label("failed"),
        literal(0).label("trips"), literal(0).label("ended"), literal(0).label("seconds"),
    ).where(OFFICIAL, on_days(D.service_on, filters))  # fmt: skip
    trips = select(
        T.driver_id, literal(0), literal(0), literal(0), count(), count(T.arrived_at.is_not(None)), SECONDS
    ).where(at_moments(T.departed_at, filters))  # fmt: skip
    parts = union_all(driven.group_by(D.driver_id), trips.group_by(T.driver_id))
    names = ("delivery_orders", "done", "failed", "trips", "ended", "seconds")
    statement = only(_of_drivers(parts, *names), R.id, filters.driver_id).order_by(R.name)
    found = session.execute(statement).all()
    rows = [
        DriverRow(
            driver_id=row.driver_id,
            driver_name=row.driver_name,
            delivery_orders=row.delivery_orders,
            done=row.done,
            failed=row.failed,
            trips=row.trips,
            drive_hours=hours(row.seconds),
            done_share=share(int(row.done), int(row.delivery_orders)),
            minutes_per_trip=round(row.seconds / 60 / row.ended) if row.ended else 0,
        )
        for row in found
    ]
    rows.sort(key=lambda row: -row.delivery_orders)
    seconds = sum(row.seconds for row in found)
    return answer(span_of(filters), added(DriverWork, rows, drive_hours=hours(seconds)), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def lorries(session: Session, actor: Actor, filters: LorryFilters) -> ReportOut[LorryTotals, LorryRow]:
    """How much each lorry is used: jobs, drives, hours, and days with a job."""
    found = session.execute(only(_fleet(filters), L.id, filters.lorry_id)).all()
    days = (filters.until - filters.since).days + 1
    rows = [
        LorryRow(
            lorry_id=row.lorry_id,
            registration_no=row.registration_no,
            type=row.type,
            status=row.status,
            delivery_orders=row.delivery_orders,
            trips=row.trips,
            drive_hours=hours(row.seconds),
            days_used=row.days_used,
            utilisation=share(int(row.days_used), days),
        )
        for row in found
    ]
    totals = LorryTotals(
        lorries=len(rows),
        delivery_orders=sum(row.delivery_orders for row in rows),
        trips=sum(row.trips for row in rows),
        drive_hours=hours(sum(row.seconds for row in found)),
        utilisation=share(sum(row.days_used for row in rows), days * len(rows)),
    )
    return answer(span_of(filters), totals, rows)


def _used(filters: ReportFilters) -> Subquery:
    """Jobs and drives of every lorry, under each other."""
    days = (
        select(D.lorry_id, D.service_on, count().label("delivery_orders"))
        .where(OFFICIAL, D.lorry_id.is_not(None), on_days(D.service_on, filters))
        .group_by(D.lorry_id, D.service_on)
        .subquery()
    )
    jobs = select(
        days.c.lorry_id, total(days.c.delivery_orders).label("delivery_orders"), count().label("days_used"),
        literal(0).label("trips"), literal(0).label("seconds"),
    )  # fmt: skip
    drives = select(T.lorry_id, literal(0), literal(0), count(), SECONDS)
    drives = drives.where(at_moments(T.departed_at, filters))
    return union_all(jobs.group_by(days.c.lorry_id), drives.group_by(T.lorry_id)).subquery()


def _fleet(filters: ReportFilters) -> Any:
    each = _used(filters)
    sums = [total(each.c[name]).label(name) for name in ("delivery_orders", "days_used", "trips", "seconds")]
    return (
        select(L.id.label("lorry_id"), L.registration_no, L.type, L.status, *sums)
        .join_from(RentalLorry, each, each.c.lorry_id == L.id, isouter=True)
        .where(or_(each.c.lorry_id.is_not(None), L.status != LorryStatus.INACTIVE))
        .group_by(L.id)
        .order_by(total(each.c.days_used).desc(), L.registration_no)
    )


@requires(Permission.RENTAL_REPORTS_READ)
def hired_lorries(session: Session, actor: Actor, filters: ReportFilters) -> ReportOut[HiredTotals, HiredRow]:
    """How much other owners' lorries were used, and what that costs by the day or by the trip.

    A hired lorry drives under its registration number in the own fleet.
    """
    each = _used(filters)
    sums = {name: total(each.c[name]) for name in ("delivery_orders", "trips", "days_used")}
    statement = (
        select(
            H.id.label("rentable_lorry_id"),
            H.registration_no,
            H.owner_name,
            *(value.label(name) for name, value in sums.items()),
            H.daily_rate_minor.label("daily_rate"),
            H.trip_rate_minor.label("trip_rate"),
            (sums["days_used"] * H.daily_rate_minor).label("cost_by_day"),
            (sums["trips"] * H.trip_rate_minor).label("cost_by_trip"),
        )
        .join_from(RentalRentableLorry, RentalLorry, L.registration_no == H.registration_no, isouter=True)
        .join(each, each.c.lorry_id == L.id, isouter=True)
        .where(or_(H.active, each.c.lorry_id.is_not(None)))
        .group_by(H.id)
        .order_by(H.registration_no)
    )
    rows = [HiredRow(**row._mapping) for row in session.execute(statement)]
    return answer(span_of(filters), added(HiredTotals, rows, rentable_lorries=len(rows)), rows)


DRIVES = (
    select(
        T.id.label("trip_id"),
        T.lorry_id,
        L.registration_no,
        T.driver_id,
        R.name.label("driver_name"),
        T.delivery_order_id,
        D.system_do_number,
        T.departed_at,
        T.arrived_at,
        case((T.arrived_at.is_not(None), func.round(func.extract("epoch", DRIVEN) / 60))).label("minutes"),
        T.from_location,
        T.to_location,
    )
    .join_from(RentalLorryTrip, RentalLorry, T.lorry_id == L.id)
    .join(RentalDriver, T.driver_id == R.id)
    .join(RentalDeliveryOrder, T.delivery_order_id == D.id, isouter=True)
    .order_by(T.departed_at.desc(), T.id)
)
ALL_DRIVES = select(
    IN_ALL,
    count().label("trips"),
    count(T.arrived_at.is_(None)).label("on_the_road"),
    SECONDS.label("drive_hours"),
)


@requires(Permission.RENTAL_REPORTS_READ)
def trips(
    session: Session, actor: Actor, filters: TripFilters, most: int = MOST_ROWS
) -> ReportOut[TripTotals, TripRow]:
    """Every drive of a lorry, a driver or of all, the last first."""
    shown, sums = (
        only(only(each, T.lorry_id, filters.lorry_id), T.driver_id, filters.driver_id).where(
            at_moments(T.departed_at, filters)
        )
        for each in (DRIVES, ALL_DRIVES)
    )
    found = listed(session, span_of(filters), shown, sums, TripRow, TripTotals, most)
    in_hours = found.totals.model_copy(update={"drive_hours": hours(found.totals.drive_hours)})
    return found.model_copy(update={"totals": in_hours})
