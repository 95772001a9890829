"""Which bins of a size are out and until when."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBin, RentalBooking, RentalDeliveryOrder
from lattis_app.rental.rules.availability import Hire, free_on, next_free
from lattis_app.rental.schemas.bins import FleetOut, ForecastFilters, ForecastOut, FreeOn
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import BinStatus, BookingStatus, FulfilmentStatus

N, D, B = columns(RentalBin), columns(RentalDeliveryOrder), columns(RentalBooking)
OVER = (FulfilmentStatus.COLLECTED, FulfilmentStatus.DONE, FulfilmentStatus.FAILED)
AWAY = (BinStatus.ASSIGNED, BinStatus.WITH_CUSTOMER)


def fleet(session: Session, size: BinSize) -> int:
    """How many bins of a size could be hired out at all."""
    statement = select(func.count()).where(
        N.h_ft == size.h_ft, N.l_ft == size.l_ft, N.w_ft == size.w_ft, N.status != BinStatus.REPAIR
    )
    return session.scalar(statement) or 0


def hires(session: Session, size: BinSize) -> list[Hire]:
    """Every bin of a size that is away or promised.

    A taken bin is away from today on, even for a later job. One that is overdue, or that no running order says the
    return of, is away until somebody brings it back.
    """
    today = clock.today()
    running = (D.id == N.delivery_order_id) & D.fulfilment_status.not_in(OVER)
    away = session.scalars(
        select(D.expected_return_on)
        .select_from(RentalBin)
        .join(RentalDeliveryOrder, running, isouter=True)
        .where(N.h_ft == size.h_ft, N.l_ft == size.l_ft, N.w_ft == size.w_ft, N.status.in_(AWAY))
    )
    promised = session.execute(
        select(B.scheduled_on, B.expected_return_on).where(
            B.h_ft == size.h_ft, B.l_ft == size.l_ft, B.w_ft == size.w_ft, B.status == BookingStatus.ASSIGNED
        )
    )
    taken = [Hire(today, until if until and until > today else None) for until in away]
    return taken + [Hire(since, until) for since, until in promised]


@requires(Permission.RENTAL_BINS_READ)
def sizes(session: Session, actor: Actor) -> list[FleetOut]:
    """The sizes of bins there are, the most common first."""
    home = func.count().filter(N.status == BinStatus.IN_WAREHOUSE)
    statement = (
        select(N.h_ft, N.l_ft, N.w_ft, func.count(), home)
        .group_by(N.h_ft, N.l_ft, N.w_ft)
        .order_by(func.count().desc(), N.l_ft)
    )
    return [
        FleetOut(size=BinSize(h_ft=h_ft, l_ft=l_ft, w_ft=w_ft), bins=bins, free=free)
        for h_ft, l_ft, w_ft, bins, free in session.execute(statement)
    ]


@requires(Permission.RENTAL_BINS_READ)
def calendar(session: Session, actor: Actor, since: date, days: int) -> list[ForecastOut]:
    """How many bins of each size are free on so many days."""
    until = since + timedelta(days=days - 1)
    return [
        forecast(
            session,
            actor,
            ForecastFilters.model_validate(each.size.model_dump() | {"from": since, "to": until}),
        )
        for each in sizes(session, actor)
    ]


@requires(Permission.RENTAL_BINS_READ)
def forecast(session: Session, actor: Actor, filters: ForecastFilters) -> ForecastOut:
    """How many bins of a size are free on each day of a span, and the next free day."""
    size = BinSize(h_ft=filters.h_ft, l_ft=filters.l_ft, w_ft=filters.w_ft)
    bins, taken = fleet(session, size), hires(session, size)
    span = range((filters.to_on - filters.from_on).days + 1)
    days = [filters.from_on + timedelta(days=offset) for offset in span]
    return ForecastOut(
        size=size,
        bins=bins,
        days=[FreeOn(on=day, free=free_on(bins, taken, day)) for day in days],
        next_free_on=next_free(bins, taken, filters.from_on, 1),
    )
