"""The calendar of bookings: what there is to do on each day, and what takes the bins of a size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, false, literal, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalBin,
    RentalBooking,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDriver,
)
from lattis_app.rental.queries import availability
from lattis_app.rental.rules.availability import Hire
from lattis_app.rental.schemas.booking_calendar import CalendarDay, CalendarJob, SizeOn, TakenBy, Taker
from lattis_app.rental.schemas.dispatch import JobKind
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import BookingStatus, DeliveryOrderStatus

B, C, P = columns(RentalBooking), columns(RentalCustomer), columns(Party)
D, N, R = columns(RentalDeliveryOrder), columns(RentalBin), columns(RentalDriver)
WAITING = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
OPEN = (*WAITING, BookingStatus.ASSIGNED)
NOT_DRIVEN = (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)
MOST = 1000
Size = tuple[Any, Any, Any]


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def days(session: Session, actor: Actor, since: date, until: date) -> list[CalendarDay]:
    """Every day of a span with its jobs and its bins. Bookings that were fulfilled count as their orders."""
    jobs, waiting = Counter[date](), Counter[date]()
    for on, waits in session.execute(_booked(B.scheduled_on, B.status.in_(WAITING), since, until)):
        jobs[on] += 1
        waiting[on] += waits
    for on, without in session.execute(_ordered(D.service_on, D.driver_id.is_(None), since, until)):
        jobs[on] += 1
        waiting[on] += without
    fleet = [
        (each.size, availability.fleet(session, each.size), availability.hires(session, each.size))
        for each in availability.sizes(session, SYSTEM)
    ]
    asked = _asked(session, until)
    span = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return [
        CalendarDay(
            on=on,
            jobs=jobs[on],
            waiting=waiting[on],
            sizes=[
                SizeOn(
                    size=size,
                    bins=bins,
                    taken=_covering(taken, on),
                    wanted=_covering(asked.get(_key(size), ()), on),
                )
                for size, bins, taken in fleet
            ],
        )
        for on in span
    ]


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def jobs(session: Session, actor: Actor, since: date, until: date) -> list[CalendarJob]:
    """The jobs of a span by their time, at most a thousand of them."""
    size = ("h_ft", "l_ft", "w_ft")
    booked = _booked(
        literal(JobKind.BOOKING.value).label("kind"), B.id, B.scheduled_at.label("at"), B.scheduled_on.label("on"),
        P.name.label("customer"), B.h_ft, B.l_ft, B.w_ft, B.area, B.status, R.name.label("driver_name"),
        false().label("is_exchange"), since, until,
    )  # fmt: skip
    booked = booked.join(RentalCustomer, B.customer_id == C.id).join(Party, C.party_id == P.id)
    ordered = _ordered(
        literal(JobKind.ORDER.value), D.id, D.scheduled_at, D.service_on,
        D.company_name, D.h_ft, D.l_ft, D.w_ft, D.area, D.fulfilment_status, R.name, D.exchange_of_id.is_not(None), since, until,
    )  # fmt: skip
    both = union_all(
        booked.join(RentalDriver, B.driver_id == R.id, isouter=True),
        ordered.join(RentalDriver, D.driver_id == R.id, isouter=True),
    )
    found = []
    for row in session.execute(both.order_by("at", "id").limit(MOST)):
        values = dict(row._mapping)
        measured = BinSize(**{name: values.pop(name) for name in size})
        found.append(CalendarJob(**values, size=measured))
    return found


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def takers(session: Session, actor: Actor, size: BinSize, on: date) -> list[Taker]:
    """What takes the bins of a size on a day: those out, those promised, and what is asked for."""
    return [
        *_out(session, size, on),
        *_bookings(session, size, on, TakenBy.PROMISED, (BookingStatus.ASSIGNED,)),
        *_bookings(session, size, on, TakenBy.WANTED, WAITING),
    ]


def _booked(*shown: Any) -> Select[Any]:
    *what, since, until = shown
    chosen = select(*what).select_from(RentalBooking)
    return chosen.where(B.scheduled_on.between(since, until), B.status.in_(OPEN))


def _ordered(*shown: Any) -> Select[Any]:
    *what, since, until = shown
    chosen = select(*what).select_from(RentalDeliveryOrder)
    return chosen.where(D.service_on.between(since, until), D.status.not_in(NOT_DRIVEN))


def _asked(session: Session, until: date) -> dict[Size, list[Hire]]:
    """The hires that bookings without a driver ask for, by size; those of past days are asked for from today on."""
    today = clock.today()
    statement = select(B.h_ft, B.l_ft, B.w_ft, B.scheduled_on, B.expected_return_on).where(
        B.status.in_(WAITING), B.scheduled_on <= until, B.expected_return_on > today
    )
    found: dict[Size, list[Hire]] = {}
    for *size, since, back in session.execute(statement):
        found.setdefault(tuple(size), []).append(Hire(since, back))
    return found


def _key(size: BinSize) -> Size:
    return (size.h_ft, size.l_ft, size.w_ft)


def _covering(hires: Iterable[Hire], on: date) -> int:
    return sum(hire.covers(on) for hire in hires)


def _out(session: Session, size: BinSize, on: date) -> list[Taker]:
    today = clock.today()
    running = (D.id == N.delivery_order_id) & D.fulfilment_status.not_in(availability.OVER)
    statement = (
        select(N.serial_number, D.id, D.system_do_number, D.company_name, D.service_on, D.expected_return_on)
        .select_from(RentalBin)
        .join(RentalDeliveryOrder, running, isouter=True)
        .where(
            N.h_ft == size.h_ft,
            N.l_ft == size.l_ft,
            N.w_ft == size.w_ft,
            N.status.in_(availability.AWAY),
        )
        .order_by(D.expected_return_on, N.serial_number)
    )
    found = []
    for serial, order_id, number, customer, since, until in session.execute(statement):
        hire = Hire(today, until if until and until > today else None)
        if hire.covers(on):
            found.append(
                Taker(
                    by=TakenBy.OUT,
                    kind=JobKind.ORDER,
                    id=order_id,
                    number=number or "",
                    customer=customer or "",
                    bin=serial,
                    since=since,
                    until=until,
                )
            )
    return found


def _bookings(
    session: Session, size: BinSize, on: date, by: TakenBy, statuses: tuple[BookingStatus, ...]
) -> list[Taker]:
    statement = (
        select(B.id, B.number, P.name, B.scheduled_on, B.expected_return_on)
        .join_from(RentalBooking, RentalCustomer, B.customer_id == C.id)
        .join(Party, C.party_id == P.id)
        .where(
            B.h_ft == size.h_ft,
            B.l_ft == size.l_ft,
            B.w_ft == size.w_ft,
            B.status.in_(statuses),
            B.scheduled_on <= on,
            B.expected_return_on > on,
        )
        .order_by(B.scheduled_at, B.number)
    )
    return [
        Taker(
            by=by,
            kind=JobKind.BOOKING,
            id=id_,
            number=number,
            customer=customer,
            bin="",
            since=since,
            until=until,
        )
        for id_, number, customer, since, until in session.execute(statement)
    ]
