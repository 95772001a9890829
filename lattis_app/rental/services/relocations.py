"""Moves of bins to another site as jobs: planned by the office, given to a driver on the board, done on site.

Locks are taken in the order delivery order → relocation → bin, as everywhere.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Conflict, NotFound
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.rental.events import DoRelocated, DoUnassigned
from lattis_app.rental.models import RentalDeliveryOrder, RentalRelocation
from lattis_app.rental.rules.assignments import name_of_move
from lattis_app.rental.rules.delivery_orders import moment_of_step
from lattis_app.rental.schemas.transfers import RelocationCancelEntry, RelocationEntry, RelocationPlan
from lattis_app.rental.services import transfers
from lattis_app.rental.statuses import RELOCATION_LIFECYCLE, RelocationStatus

KIND = "Relocation"
R = columns(RentalRelocation)


class MoveAlreadyPlanned(Conflict):
    """The bin is to be moved already: one move after the other."""


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def plan(session: Session, actor: Actor, delivery_order_id: UUID, entry: RelocationPlan) -> RentalRelocation:
    """Plan to take an order's bin to another site; the move waits on the board for a driver.

    Raises BinNotWithCustomer, MoveAlreadyPlanned.
    """
    order = transfers.with_customer(session, actor, delivery_order_id)
    if session.scalars(_planned(order.id)).first() is not None:
        raise MoveAlreadyPlanned(
            f"The bin of {order.system_do_number} is to be moved already",
            field="delivery_order_id",
            reason="has a move that is planned",
        )
    planned = RentalRelocation(
        delivery_order_id=order.id,
        from_address=order.site_address,
        site_address=entry.site_address,
        area=order.area if entry.area is None else entry.area,
        state=order.state if entry.state is None else entry.state,
        scheduled_at=entry.scheduled_at,
        scheduled_on=clock.date_of(entry.scheduled_at),
        reason=entry.reason or "",
    )
    session.add(planned)
    events.record(session, _told(order, planned, RelocationStatus.PLANNED))
    return planned


@requires(Permission.RENTAL_DELIVERY_ORDERS_PROGRESS, Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def finish(
    session: Session, actor: Actor, relocation_id: UUID, done_at: datetime | None = None
) -> RentalRelocation:
    """Note that the bin stands on its other site: a TRANSFER, and the order's site is the new one.

    `done_at` is when the driver says it was done. Raises NotFound for another's job, InvalidTransition,
    BinNotWithCustomer.
    """
    order, planned = _held(session, actor, relocation_id)
    RELOCATION_LIFECYCLE.check(RelocationStatus(planned.status), RelocationStatus.DONE)
    transfers.with_customer(session, SYSTEM, order.id)
    at = moment_of_step(done_at, (order.delivered_at, planned.created_at), clock.now())
    entry = RelocationEntry(
        site_address=planned.site_address,
        area=planned.area,
        state=planned.state,
        reason=planned.reason or None,
    )
    transfers.take(session, order, entry, at)
    planned.done_at = at
    event = _told(order, planned, RelocationStatus.DONE)
    return move(session, actor, planned, RELOCATION_LIFECYCLE, RelocationStatus.DONE, event=event)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def cancel(
    session: Session, actor: Actor, relocation_id: UUID, entry: RelocationCancelEntry
) -> RentalRelocation:
    """Leave the bin where it is; its driver is told. Raises InvalidTransition."""
    order, planned = _held(session, actor, relocation_id)
    return _call_off(session, actor, order, planned, entry.reason)


def cancel_planned(session: Session, actor: Actor, order: RentalDeliveryOrder) -> None:
    """Forget the move of a bin that has been collected."""
    for planned in session.scalars(_planned(order.id).with_for_update()):
        _call_off(session, actor, order, planned, "The bin was collected")


def hold(session: Session, relocation_id: UUID) -> RentalRelocation:
    """Hold a move until the end of the transaction, its order before it. Raises NotFound."""
    return _held(session, SYSTEM, relocation_id)[1]


def _planned(delivery_order_id: UUID) -> Select[RentalRelocation]:
    return select(RentalRelocation).where(
        R.delivery_order_id == delivery_order_id, R.status == RelocationStatus.PLANNED
    )


def _held(
    session: Session, actor: Actor, relocation_id: UUID
) -> tuple[RentalDeliveryOrder, RentalRelocation]:
    seen = find(session, RentalRelocation, relocation_id, kind=KIND)
    order = find(session, RentalDeliveryOrder, seen.delivery_order_id, lock=True, kind="Delivery order")
    planned = find(session, RentalRelocation, relocation_id, lock=True, kind=KIND)
    if actor.role == Role.DRIVER and (actor.subject_id is None or planned.driver_id != actor.subject_id):
        raise NotFound.record(KIND, relocation_id)
    return order, planned


def _call_off(
    session: Session, actor: Actor, order: RentalDeliveryOrder, planned: RentalRelocation, reason: str
) -> RentalRelocation:
    planned.cancel_reason = reason
    event = _told(order, planned, RelocationStatus.CANCELLED)
    to = RelocationStatus.CANCELLED
    move(session, actor, planned, RELOCATION_LIFECYCLE, to, reason=reason, event=event)
    if planned.driver_id is not None:
        number = name_of_move(order.system_do_number or "")
        events.record(session, DoUnassigned(order.id, planned.driver_id, number, order.company_name))
    return planned


def _told(order: RentalDeliveryOrder, planned: RentalRelocation, status: RelocationStatus) -> DoRelocated:
    return DoRelocated(order.id, order.system_do_number or "", status, planned.driver_id)
