"""The driver's steps of a delivery order (contract: rental.md, "Delivery order, driver's fulfilment_status").

Where the office has recorded the bin's movement already, a step only follows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.queries.attachments import count_photos
from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import find
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.events import DoProgressed
from lattis_app.rental.models import RentalBin, RentalDeliveryOrder
from lattis_app.rental.rules.delivery_orders import (
    PHOTOS_REQUIRED,
    PHOTOS_REQUIRED_TO_FAIL,
    moment_of_step,
    require_photos,
)
from lattis_app.rental.schemas.delivery_orders import StepEntry
from lattis_app.rental.services import (
    bins,
    charges,
    collection_reminders,
    lorry_trips,
    relocations,
    settlements,
)
from lattis_app.rental.services.attachment_targets import DELIVERY_ORDER
from lattis_app.rental.services.delivery_orders import lock
from lattis_app.rental.statuses import (
    FULFILMENT_LIFECYCLE,
    BinStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    MovementType,
)

NOT_DRIVEN = (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)


class NotOnTheRoad(PreconditionFailed):
    """A draft or cancelled order is nobody's job."""


class NobodyToDrive(PreconditionFailed):
    """A trip needs a driver and a lorry."""


@requires(Permission.RENTAL_DELIVERY_ORDERS_PROGRESS, Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def step(
    session: Session,
    actor: Actor,
    delivery_order_id: UUID,
    entry: StepEntry,
    done_at: datetime | None = None,
) -> RentalDeliveryOrder:
    """Take the driver's next step with all that follows from it; `done_at` is when the driver says it was done.

    Raises InvalidTransition, NotOnTheRoad, NobodyToDrive, TooFewPhotos; Invalid for a failure without a reason.
    """
    order = lock(session, actor, delivery_order_id)
    require_on_the_road(order)
    current = FulfilmentStatus(order.fulfilment_status)
    FULFILMENT_LIFECYCLE.check(current, entry.status)
    CONSEQUENCES[entry.status](session, order, entry, moment_of(order, done_at))
    if entry.notes:
        order.notes = f"{order.notes}\n{entry.notes}".strip()[:2000]
    event = DoProgressed(order.id, order.system_do_number or "", entry.status, order.driver_id)
    move(session, actor, order, FULFILMENT_LIFECYCLE, entry.status, reason=entry.reason, event=event)
    if entry.status is FulfilmentStatus.DONE:
        settlements.close_if_finished(session, SYSTEM, order)
    return order


def require_on_the_road(order: RentalDeliveryOrder) -> None:
    """Raise NotOnTheRoad for an order that nobody drives."""
    if order.status in NOT_DRIVEN:
        raise NotOnTheRoad(
            f"Delivery order is {order.status}: nothing to drive", field="status", reason=f"is {order.status}"
        )


def moment_of(order: RentalDeliveryOrder, said: datetime | None) -> datetime:
    """When something was done on the way, by what the driver says: after all that was done of this order before."""
    before = (order.created_at, order.issued_at, order.started_at, order.delivered_at, order.collected_at)
    return moment_of_step(said, before, clock.now())


def _start(session: Session, order: RentalDeliveryOrder, _entry: StepEntry, at: datetime) -> None:
    if order.driver_id is None or order.lorry_id is None:
        missing = "driver_id" if order.driver_id is None else "lorry_id"
        what = "driver" if order.driver_id is None else "lorry"
        raise NobodyToDrive(f"Choose a {what} before the trip starts", field=missing, reason="is missing")
    lorry_trips.open_for(session, SYSTEM, order, at)
    order.started_at = at


def _deliver(session: Session, order: RentalDeliveryOrder, _entry: StepEntry, at: datetime) -> None:
    require_photos(count_photos(session, DELIVERY_ORDER, order.id), PHOTOS_REQUIRED)
    moved = find(session, RentalBin, order.bin_id, lock=True)
    if moved.delivery_order_id != order.id or moved.status != BinStatus.WITH_CUSTOMER:
        bins.record_movement(session, SYSTEM, order.bin_id, MovementType.OUT, order, at)
    lorry_trips.close_for(session, SYSTEM, order, at)
    order.delivered_at = at


def _collect(session: Session, order: RentalDeliveryOrder, _entry: StepEntry, at: datetime) -> None:
    moved = find(session, RentalBin, order.bin_id, lock=True)
    if moved.delivery_order_id == order.id and moved.status == BinStatus.WITH_CUSTOMER:
        bins.record_movement(session, SYSTEM, order.bin_id, MovementType.IN, order, at)
    collection_reminders.cancel_scheduled(session, SYSTEM, order.id)
    relocations.cancel_planned(session, SYSTEM, order)
    order.collected_at = at
    charges.assess(session, order)


def _finish(_session: Session, order: RentalDeliveryOrder, _entry: StepEntry, at: datetime) -> None:
    order.done_at = at


def _fail(session: Session, order: RentalDeliveryOrder, entry: StepEntry, at: datetime) -> None:
    if not entry.reason:
        raise Invalid.field("reason", "say why it can't be delivered")
    require_photos(count_photos(session, DELIVERY_ORDER, order.id), PHOTOS_REQUIRED_TO_FAIL)
    taken = find(session, RentalBin, order.bin_id, lock=True)
    if taken.delivery_order_id == order.id and taken.status == BinStatus.ASSIGNED:
        bins.release(session, SYSTEM, order.bin_id, order)
    lorry_trips.close_for(session, SYSTEM, order, at)
    collection_reminders.cancel_scheduled(session, SYSTEM, order.id)
    order.failed_at, order.failure_reason = at, entry.reason
    charges.charge_failed_trip(session, order)


CONSEQUENCES: dict[FulfilmentStatus, Callable[[Session, RentalDeliveryOrder, StepEntry, datetime], None]] = {
    FulfilmentStatus.STARTED: _start,
    FulfilmentStatus.DELIVERED: _deliver,
    FulfilmentStatus.COLLECTED: _collect,
    FulfilmentStatus.DONE: _finish,
    FulfilmentStatus.FAILED: _fail,
}
