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
from lattis_app.rental.models import RentalBooking, RentalDeliveryOrder
from lattis_app.rental.queries import availability, bookings, delivery_orders, drivers, lorries, relocations
from lattis_app.rental.rules.assignments import clash, name_of_move
from lattis_app.rental.schemas.bookings import BookingFilters, BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters, DeliveryOrderRow
from lattis_app.rental.schemas.dispatch import (
    AssignableDriver,
    AssignableLorry,
    Assignment,
    Board,
    JobKind,
    JobOut,
)
from lattis_app.rental.schemas.drivers import DriverFilters, DriverOut
from lattis_app.rental.schemas.lorries import LorryFilters, LorryOut
from lattis_app.rental.schemas.transfers import RelocationOut
from lattis_app.rental.statuses import (
    BookingStatus,
    DeliveryOrderStatus,
    DriverStatus,
    FulfilmentStatus,
    LorryStatus,
)

B, D = columns(RentalBooking), columns(RentalDeliveryOrder)
WEEK = 7
DAYS_IN_VAIN = 3
SHARED = {
    "id",
    "site_address",
    "area",
    "scheduled_at",
    "driver_id",
    "driver_name",
    "lorry_id",
    "lorry_registration_no",
}
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
    people = DriverFilters(status=(DriverStatus.ACTIVE,))
    late = DeliveryOrderFilters(late=True)
    left = _left_behind(session, actor, day) if is_today else []
    return Board(
        day=day,
        ahead=_waiting_ahead(session),
        free=availability.calendar(session, actor, day, 1),
        waiting=list(bookings.page(session, actor, waiting, BY_TIME).rows),
        promised=_promised(session, actor, day, day),
        orders=_orders(session, actor, {"from": day, "to": day}),
        moves=relocations.of_day(session, actor, day),
        forgotten=_promised(session, actor, None, day - timedelta(days=1)) if is_today else [],
        left=left,
        late=list(delivery_orders.page(session, actor, late, BY_DAY).rows) if is_today else [],
        reasons=_reasons(session, left),
        drivers=list(drivers.page(session, actor, people, ALL).rows),
    )


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def find(session: Session, actor: Actor, kind: JobKind, job_id: UUID) -> JobOut:
    """One job, or NotFound."""
    if kind is JobKind.BOOKING:
        return _booked(bookings.find(session, actor, job_id))
    if kind is JobKind.RELOCATION:
        return _moved(relocations.find(session, actor, job_id))
    return _ordered(delivery_orders.find(session, actor, job_id))


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def assignable(session: Session, actor: Actor, kind: JobKind, job_id: UUID) -> Assignment:
    """Who and what could take a job: those free at its time first, then those with the fewest jobs that day."""
    job = find(session, actor, kind, job_id)
    on = job.scheduled_on
    people = drivers.page(session, actor, DriverFilters(status=(DriverStatus.ACTIVE,)), ALL).rows
    fleet = lorries.page(session, actor, LorryFilters(), ALL).rows
    jobs: list[BookingOut | DeliveryOrderRow | RelocationOut] = [*_promised(session, actor, on, on)]
    jobs += [each for each in relocations.of_day(session, actor, on) if each.done_at is None]
    jobs += [
        each
        for each in _orders(session, actor, {"from": on, "to": on})
        if each.fulfilment_status != FulfilmentStatus.FAILED
    ]
    others = [each for each in jobs if each.id != job.id]
    near = [each for each in others if clash(each.scheduled_at, job.scheduled_at)]
    crew = [_driver(each, others, near) for each in people]
    may_drive = {each.id for each in fleet if _drivable(each, on)}
    vehicles = [_lorry(each, others, near) for each in fleet if each.id in may_drive]
    return Assignment(
        job=job,
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


def _promised(session: Session, actor: Actor, since: date | None, until: date) -> list[BookingOut]:
    given = {"status": BookingStatus.ASSIGNED, "from": since, "to": until}
    return list(bookings.page(session, actor, BookingFilters.model_validate(given), BY_TIME).rows)


def _orders(session: Session, actor: Actor, given: dict[str, Any]) -> list[DeliveryOrderRow]:
    filters = DeliveryOrderFilters.model_validate({"status": OFFICIAL} | given)
    return list(delivery_orders.page(session, actor, filters, BY_DAY).rows)


def _left_behind(session: Session, actor: Actor, day: date) -> list[DeliveryOrderRow]:
    """Orders of earlier days that nobody delivered, and trips of the last days that were in vain."""
    before = day - timedelta(days=1)
    undone = (FulfilmentStatus.ASSIGNED, FulfilmentStatus.STARTED)
    failed = {
        "fulfilment_status": FulfilmentStatus.FAILED,
        "from": day - timedelta(days=DAYS_IN_VAIN),
        "to": before,
    }
    return [
        *_orders(session, actor, failed),
        *_orders(session, actor, {"fulfilment_status": undone, "to": before}),
    ]


def _reasons(session: Session, orders: Sequence[DeliveryOrderRow]) -> dict[UUID, str]:
    failed = [each.id for each in orders if each.fulfilment_status == FulfilmentStatus.FAILED]
    statement = select(D.id, D.failure_reason).where(D.id.in_(failed))
    return {order_id: reason for order_id, reason in session.execute(statement)} if failed else {}  # noqa: C416 — rows are no pairs


def _booked(booking: BookingOut) -> JobOut:
    return JobOut(
        kind=JobKind.BOOKING,
        record_id=booking.id,
        customer=booking.customer_name,
        bin=booking.requested_bin_size.text,
        **booking.model_dump(include=SHARED),
        number=booking.number,
        scheduled_on=booking.scheduled_on,
    )


def _ordered(order: DeliveryOrderRow) -> JobOut:
    return JobOut(
        kind=JobKind.ORDER,
        record_id=order.id,
        customer=order.company_name,
        bin=f"{order.bin_serial_number} · {order.bin_size.text}",
        **order.model_dump(include=SHARED),
        number=order.system_do_number or "",
        scheduled_on=order.service_on,
    )


def _moved(move: RelocationOut) -> JobOut:
    return JobOut(
        kind=JobKind.RELOCATION,
        record_id=move.delivery_order_id,
        customer=move.company_name,
        bin=f"{move.bin_serial_number} · {move.bin_size}",
        **move.model_dump(include=SHARED),
        number=name_of_move(move.system_do_number),
        scheduled_on=move.scheduled_on,
    )


def _driver(person: DriverOut, jobs: Sequence[Any], near: Sequence[Any]) -> AssignableDriver:
    number = sum(each.driver_id == person.id for each in jobs)
    clashes = any(each.driver_id == person.id for each in near)
    taken = {each.lorry_id for each in jobs if each.driver_id == person.id and each.lorry_id}
    return AssignableDriver(
        id=person.id,
        name=person.name,
        jobs=number,
        jobs_per_day=person.jobs_per_day,
        lorry_ids=frozenset(taken),
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
