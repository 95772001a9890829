"""The driver's steps of a delivery order (contract: rental.md, "Delivery order, driver's fulfilment_status").

Where the office has recorded the bin's movement already, a step only follows it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.attachments.queries.attachments import count_pictures
from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.events import DoProgressed
from lattis_app.rental.models import (
    RentalBin,
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
)
from lattis_app.rental.queries import business
from lattis_app.rental.rules.delivery_orders import (
    PHOTOS_REQUIRED,
    PHOTOS_REQUIRED_TO_FAIL,
    require_photos,
)
from lattis_app.rental.schemas.delivery_orders import StepEntry
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.services import bins, collection_reminders, lorry_trips, settlements
from lattis_app.rental.services.attachment_targets import DELIVERY_ORDER
from lattis_app.rental.services.delivery_orders import lock
from lattis_app.rental.statuses import (
    FULFILMENT_LIFECYCLE,
    BinStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    MovementType,
)

LINE = columns(RentalDeliveryOrderLine)
NOT_DRIVEN = (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)


class NotOnTheRoad(PreconditionFailed):
    """A draft or cancelled order is nobody's job."""


class NobodyToDrive(PreconditionFailed):
    """A trip needs a driver and a lorry."""


@requires(Permission.RENTAL_DELIVERY_ORDERS_PROGRESS, Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def step(session: Session, actor: Actor, delivery_order_id: UUID, entry: StepEntry) -> RentalDeliveryOrder:
    """Take the driver's next step with all that follows from it.

    Raises InvalidTransition, NotOnTheRoad, NobodyToDrive, TooFewPhotos; Invalid for a failure without a reason.
    """
    order = lock(session, actor, delivery_order_id)
    if order.status in NOT_DRIVEN:
        raise NotOnTheRoad(
            f"Delivery order is {order.status}: nothing to drive", field="status", reason=f"is {order.status}"
        )
    current = FulfilmentStatus(order.fulfilment_status)
    FULFILMENT_LIFECYCLE.check(current, entry.status)
    CONSEQUENCES[entry.status](session, order, entry)
    if entry.notes:
        order.notes = f"{order.notes}\n{entry.notes}".strip()[:2000]
    event = DoProgressed(order.id, order.system_do_number or "", entry.status, order.driver_id)
    move(session, actor, order, FULFILMENT_LIFECYCLE, entry.status, reason=entry.reason, event=event)
    if entry.status is FulfilmentStatus.DONE:
        settlements.close_if_finished(session, SYSTEM, order)
    return order


def _start(session: Session, order: RentalDeliveryOrder, _entry: StepEntry) -> None:
    if order.driver_id is None or order.lorry_id is None:
        missing = "driver_id" if order.driver_id is None else "lorry_id"
        what = "driver" if order.driver_id is None else "lorry"
        raise NobodyToDrive(f"Choose a {what} before the trip starts", field=missing, reason="is missing")
    lorry_trips.open_for(session, SYSTEM, order)
    order.started_at = clock.now()


def _deliver(session: Session, order: RentalDeliveryOrder, _entry: StepEntry) -> None:
    require_photos(count_pictures(session, DELIVERY_ORDER, order.id), PHOTOS_REQUIRED)
    moved = find(session, RentalBin, order.bin_id, lock=True)
    if moved.delivery_order_id != order.id or moved.status != BinStatus.WITH_CUSTOMER:
        bins.record_movement(session, SYSTEM, order.bin_id, MovementType.OUT, order)
    lorry_trips.close_for(session, SYSTEM, order)
    order.delivered_at = clock.now()


def _collect(session: Session, order: RentalDeliveryOrder, _entry: StepEntry) -> None:
    moved = find(session, RentalBin, order.bin_id, lock=True)
    if moved.delivery_order_id == order.id and moved.status == BinStatus.WITH_CUSTOMER:
        bins.record_movement(session, SYSTEM, order.bin_id, MovementType.IN, order)
    collection_reminders.cancel_scheduled(session, SYSTEM, order.id)
    order.collected_at = clock.now()


def _finish(_session: Session, order: RentalDeliveryOrder, _entry: StepEntry) -> None:
    order.done_at = clock.now()


def _fail(session: Session, order: RentalDeliveryOrder, entry: StepEntry) -> None:
    if not entry.reason:
        raise Invalid.field("reason", "say why it can't be delivered")
    require_photos(count_pictures(session, DELIVERY_ORDER, order.id), PHOTOS_REQUIRED_TO_FAIL)
    taken = find(session, RentalBin, order.bin_id, lock=True)
    if taken.delivery_order_id == order.id and taken.status == BinStatus.ASSIGNED:
        bins.release(session, SYSTEM, order.bin_id, order)
    lorry_trips.close_for(session, SYSTEM, order)
    collection_reminders.cancel_scheduled(session, SYSTEM, order.id)
    order.failed_at, order.failure_reason = clock.now(), entry.reason
    _charge_failed_trip(session, order)


def _charge_failed_trip(session: Session, order: RentalDeliveryOrder) -> None:
    """Add the business's fee as a line; an order without priced lines first says what its amount was for."""
    fee = business.find(session, SYSTEM).failed_trip_fee
    if fee == 0:
        return
    last, charged = session.execute(
        select(
            func.coalesce(func.max(LINE.position), 0), func.coalesce(func.sum(LINE.amount_minor), 0)
        ).where(LINE.delivery_order_id == order.id)
    ).one()
    charges = [("Failed trip", "trip", fee)]
    if charged == 0:
        size = BinSize(h_ft=order.h_ft, l_ft=order.l_ft, w_ft=order.w_ft)
        charges.insert(0, (f"Bin rental {size.text}", "bin", order.amount_minor))
    for position, (description, unit, price) in enumerate(charges, start=last + 1):
        session.add(
            RentalDeliveryOrderLine(
                delivery_order_id=order.id,
                position=position,
                description=description,
                quantity=Decimal(1),
                unit=unit,
                price_minor=price,
                amount_minor=price,
            )
        )
    order.amount_minor += fee


CONSEQUENCES: dict[FulfilmentStatus, Callable[[Session, RentalDeliveryOrder, StepEntry], None]] = {
    FulfilmentStatus.STARTED: _start,
    FulfilmentStatus.DELIVERED: _deliver,
    FulfilmentStatus.COLLECTED: _collect,
    FulfilmentStatus.DONE: _finish,
    FulfilmentStatus.FAILED: _fail,
}
