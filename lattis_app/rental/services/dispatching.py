"""Giving the jobs of a day to drivers, passing them on, and taking them back (contract: rental.md, "Pages").

Whoever moves a job says who had it on their board: if somebody was faster, nothing is changed.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.audit.queries import entries
from lattis_app.core import events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import find
from lattis_app.core.errors import Conflict, PreconditionFailed
from lattis_app.core.lifecycle import Lifecycle
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.events import DoAssigned, DoUnassigned
from lattis_app.rental.models import RentalBooking, RentalDeliveryOrder, RentalDriver, RentalRelocation
from lattis_app.rental.queries import customers, dispatch
from lattis_app.rental.rules.assignments import name_of_move
from lattis_app.rental.rules.delivery_orders import require_changeable
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind, JobOut
from lattis_app.rental.services import bookings, crews, delivery_orders, relocations
from lattis_app.rental.statuses import (
    RELOCATION_LIFECYCLE,
    BookingStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    RelocationStatus,
)

Job = RentalBooking | RentalDeliveryOrder | RentalRelocation
TAKING_BACK = Lifecycle("Booking", {BookingStatus.ASSIGNED: {BookingStatus.CONFIRMED}})
"""The dispatcher's way back from a wrong drop; nobody else goes it."""


class JobMoved(Conflict):
    """Somebody else moved the job since the board was looked at."""


class LorryNotClear(PreconditionFailed):
    """Several lorries could be driven: one has to be chosen."""


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def give(session: Session, actor: Actor, kind: JobKind, job_id: UUID, entry: HandingEntry) -> JobOut:
    """Give a job to a driver, or pass it on from one to another.

    Raises JobMoved, LorryNotClear, what `crews.hold` raises, NoBinFree (with the next free date), NotChangeable.
    """
    job = _held(session, kind, job_id, entry.from_driver_id)
    found = dispatch.assignable(session, SYSTEM, kind, job_id)
    lorry_id = entry.lorry_id or found.lorry_of(entry.driver_id)
    if lorry_id is None:
        raise LorryNotClear("Choose a lorry", field="lorry_id", reason="is needed")
    if isinstance(job, RentalBooking):
        _take_back_booking(session, actor, job)
        chosen = AssignmentEntry(driver_id=entry.driver_id, lorry_id=lorry_id)
        bookings.assign(session, actor, job_id, chosen)
    elif isinstance(job, RentalRelocation):
        _give_move(session, job, entry.driver_id, lorry_id)
    else:
        _give_order(session, job, entry.driver_id, lorry_id)
    session.flush()
    return dispatch.find(session, SYSTEM, kind, job_id)


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def take_back(
    session: Session, actor: Actor, kind: JobKind, job_id: UUID, from_driver_id: UUID | None
) -> JobOut:
    """Take a job from its driver: it waits for another one. Raises JobMoved, NotChangeable, InvalidTransition."""
    job = _held(session, kind, job_id, from_driver_id)
    if isinstance(job, RentalBooking):
        TAKING_BACK.check(BookingStatus(job.status), BookingStatus.CONFIRMED)
        _take_back_booking(session, actor, job)
    else:
        if isinstance(job, RentalRelocation):
            _take_back_move(session, job)
        else:
            _take_back_order(session, job)
        job.driver_id = job.lorry_id = None
    session.flush()
    return dispatch.find(session, SYSTEM, kind, job_id)


def _held(session: Session, kind: JobKind, job_id: UUID, from_driver_id: UUID | None) -> Job:
    job: Job
    if kind is JobKind.BOOKING:
        job = find(session, RentalBooking, job_id, lock=True, kind="Booking")
    elif kind is JobKind.RELOCATION:
        job = relocations.hold(session, job_id)
    else:
        job = delivery_orders.lock(session, SYSTEM, job_id)
    if job.driver_id != from_driver_id:
        raise JobMoved(_who_moved(session, job), field="driver_id", reason="was changed by somebody else")
    return job


def _who_moved(session: Session, job: Job) -> str:
    """Who has the job now, and who saw to that."""
    told = entries.history_of(session, SYSTEM, str(job.__tablename__), job.id)
    change = next((each for each in told if "driver_id" in (each.after or {})), None)
    by = change.actor if change else SYSTEM.name
    if job.driver_id is None:
        return f"{_number(session, job)} is with nobody now: {by} took it back"
    driver = find(session, RentalDriver, job.driver_id)
    return f"{_number(session, job)} is with {driver.name} now: given by {by}"


def _take_back_booking(session: Session, actor: Actor, booking: RentalBooking) -> None:
    if booking.status != BookingStatus.ASSIGNED or booking.driver_id is None:
        return
    customer = customers.find(session, SYSTEM, booking.customer_id).company_name
    event = DoUnassigned(booking.id, booking.driver_id, booking.number, customer)
    move(session, actor, booking, TAKING_BACK, BookingStatus.CONFIRMED, event=event)
    booking.driver_id = booking.lorry_id = booking.assigned_at = None
    session.flush()


def _give_order(session: Session, order: RentalDeliveryOrder, driver_id: UUID, lorry_id: UUID) -> None:
    _take_back_order(session, order)
    at, on, number = order.scheduled_at, order.service_on, _number(session, order)
    driver, lorry = crews.hold(session, driver_id, lorry_id, at, on, apart_from=number)
    order.driver_id, order.lorry_id = driver.id, lorry.id
    events.record(session, DoAssigned(order.id, driver.id, number, order.company_name))


def _take_back_order(session: Session, order: RentalDeliveryOrder) -> None:
    status, fulfilment = DeliveryOrderStatus(order.status), FulfilmentStatus(order.fulfilment_status)
    require_changeable(status, fulfilment, {"driver_id", "lorry_id"}, None)
    if order.driver_id is not None:
        told = DoUnassigned(order.id, order.driver_id, _number(session, order), order.company_name)
        events.record(session, told)


def _give_move(session: Session, planned: RentalRelocation, driver_id: UUID, lorry_id: UUID) -> None:
    order = _take_back_move(session, planned)
    at, on, number = planned.scheduled_at, planned.scheduled_on, _number(session, planned)
    driver, lorry = crews.hold(session, driver_id, lorry_id, at, on, apart_from=number)
    planned.driver_id, planned.lorry_id = driver.id, lorry.id
    events.record(session, DoAssigned(order.id, driver.id, number, order.company_name))


def _take_back_move(session: Session, planned: RentalRelocation) -> RentalDeliveryOrder:
    RELOCATION_LIFECYCLE.check(RelocationStatus(planned.status), RelocationStatus.DONE)
    order = find(session, RentalDeliveryOrder, planned.delivery_order_id)
    if planned.driver_id is not None:
        number = _number(session, planned)
        events.record(session, DoUnassigned(order.id, planned.driver_id, number, order.company_name))
    return order


def _number(session: Session, job: Job) -> str:
    if isinstance(job, RentalBooking):
        return job.number
    if isinstance(job, RentalDeliveryOrder):
        return job.system_do_number or ""
    order = find(session, RentalDeliveryOrder, job.delivery_order_id)
    return name_of_move(order.system_do_number or "")
