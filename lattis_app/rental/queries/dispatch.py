"""One day of the dispatcher: what waits for a driver, what each driver does, and what should be over by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBooking
from lattis_app.rental.queries import bookings, delivery_orders, drivers, lorries
from lattis_app.rental.rules.assignments import clash
from lattis_app.rental.schemas.bookings import BookingFilters, BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters, DeliveryOrderRow
from lattis_app.rental.schemas.dispatch import AssignableDriver, AssignableLorry, Assignment, Board
from lattis_app.rental.schemas.drivers import DriverFilters, DriverOut
from lattis_app.rental.schemas.lorries import LorryFilters, LorryOut
from lattis_app.rental.statuses import (
    BookingStatus,
    DeliveryOrderStatus,
    DriverStatus,
    FulfilmentStatus,
    LorryStatus,
)

B = columns(RentalBooking)
WEEK = 7
ALL = PageRequest(limit=100)
BY_TIME = PageRequest(limit=100, sort="scheduled_at")
BY_DAY = PageRequest(limit=100, sort="service_on")
WAITING = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
OFFICIAL = tuple(
    status
    for status in DeliveryOrderStatus
    if status not in (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)
)


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def board(session: Session, actor: Actor, day: date) -> Board:
    """A day with its drivers. What was left behind on earlier days stands on today's board."""
    is_today = day == clock.today()
    waiting = BookingFilters.model_validate({"status": WAITING, "from": None if is_today else day, "to": day})
    late = DeliveryOrderFilters(late=True)
    people = DriverFilters(status=(DriverStatus.ACTIVE,))
    return Board(
        day=day,
        ahead=_waiting_ahead(session),
        waiting=list(bookings.page(session, actor, waiting, BY_TIME).rows),
        promised=_promised(session, actor, day),
        orders=_orders(session, actor, day),
        late=list(delivery_orders.page(session, actor, late, BY_DAY).rows) if is_today else [],
        drivers=list(drivers.page(session, actor, people, ALL).rows),
    )


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def assignable(session: Session, actor: Actor, booking_id: UUID) -> Assignment:
    """Who and what could take a booking: those free at its time first, then those with the fewest jobs that day."""
    booking = bookings.find(session, actor, booking_id)
    on = booking.scheduled_on
    people = drivers.page(session, actor, DriverFilters(status=(DriverStatus.ACTIVE,)), ALL).rows
    fleet = lorries.page(session, actor, LorryFilters(), ALL).rows
    jobs: list[BookingOut | DeliveryOrderRow] = [*_promised(session, actor, on)]
    jobs += [
        each for each in _orders(session, actor, on) if each.fulfilment_status != FulfilmentStatus.FAILED
    ]
    near = [each for each in jobs if clash(each.scheduled_at, booking.scheduled_at)]
    crew = [_driver(each, jobs, near) for each in people]
    may_drive = {each.id for each in fleet if _drivable(each, on)}
    vehicles = [_lorry(each, jobs, near) for each in fleet if each.id in may_drive]
    return Assignment(
        booking=booking,
        drivers=sorted(crew, key=lambda each: (not each.free, each.jobs, each.name)),
        lorries=sorted(vehicles, key=lambda each: (not each.free, each.jobs, each.registration_no)),
        left_out=[each for each in fleet if each.id not in may_drive],
    )


def _waiting_ahead(session: Session) -> dict[date, int]:
    today = clock.today()
    days = [today + timedelta(days=number) for number in range(WEEK)]
    statement = select(B.scheduled_on, func.count()).where(B.status.in_(WAITING), B.scheduled_on.in_(days))
    counted = session.execute(statement.group_by(B.scheduled_on))
    return dict.fromkeys(days, 0) | {on: number for on, number in counted}  # noqa: C416 — rows are no pairs


def _promised(session: Session, actor: Actor, day: date) -> list[BookingOut]:
    filters = BookingFilters.model_validate({"status": BookingStatus.ASSIGNED, "from": day, "to": day})
    return list(bookings.page(session, actor, filters, BY_TIME).rows)


def _orders(session: Session, actor: Actor, day: date) -> list[DeliveryOrderRow]:
    filters = DeliveryOrderFilters.model_validate({"status": OFFICIAL, "from": day, "to": day})
    return list(delivery_orders.page(session, actor, filters, ALL).rows)


def _driver(person: DriverOut, jobs: Sequence[Any], near: Sequence[Any]) -> AssignableDriver:
    number = sum(each.driver_id == person.id for each in jobs)
    clashes = any(each.driver_id == person.id for each in near)
    return AssignableDriver(
        id=person.id,
        name=person.name,
        jobs=number,
        jobs_per_day=person.jobs_per_day,
        free=not clashes and number < person.jobs_per_day,
    )


def _lorry(lorry: LorryOut, jobs: Sequence[Any], near: Sequence[Any]) -> AssignableLorry:
    return AssignableLorry(
        id=lorry.id,
        registration_no=lorry.registration_no,
        type=lorry.type,
        jobs=sum(each.lorry_id == lorry.id for each in jobs),
        free=not any(each.lorry_id == lorry.id for each in near),
    )


def _drivable(lorry: LorryOut, on: date) -> bool:
    works = lorry.status in (LorryStatus.AVAILABLE, LorryStatus.IN_USE)
    return works and (lorry.next_expiry_on is None or lorry.next_expiry_on >= on)
