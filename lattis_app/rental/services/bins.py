"""Keeping bins, taking them for orders, and moving them (contract: rental.md, "Bin")."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import acting
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Conflict, Invalid
from lattis_app.core.transitions import move as take_step
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBin, RentalBinMovement, RentalDeliveryOrder
from lattis_app.rental.rules.movements import target
from lattis_app.rental.schemas.bins import BinChanges, BinEntry, MovementEntry
from lattis_app.rental.statuses import (
    BIN_LIFECYCLE,
    BinStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    MovementType,
)

HOME = (BinStatus.IN_WAREHOUSE, BinStatus.REPAIR)
OVER = (FulfilmentStatus.COLLECTED, FulfilmentStatus.DONE, FulfilmentStatus.FAILED)
NOT_OFFICIAL = (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)
M = columns(RentalBinMovement)
LAST_MOVED = select(func.max(M.moved_at)).where(M.bin_id == bindparam("bin_id"))


class BinNotFree(Conflict):
    """The bin is somewhere else or promised to another order."""


class BinPromised(Conflict):
    """The bin belongs to another order now."""


@requires(Permission.RENTAL_BINS_MANAGE)
def create(session: Session, actor: Actor, entry: BinEntry) -> RentalBin:
    """Add a bin to the warehouse. The serial number is unique: Conflict."""
    size = entry.size
    added = RentalBin(
        serial_number=entry.serial_number,
        h_ft=size.h_ft,
        l_ft=size.l_ft,
        w_ft=size.w_ft,
        area=entry.area,
        state=entry.state,
        status=entry.status,
        notes=entry.notes or "",
    )
    session.add(added)
    return added


@requires(Permission.RENTAL_BINS_MANAGE)
def update(session: Session, actor: Actor, bin_id: UUID, changes: BinChanges) -> RentalBin:
    """Change what a bin is; where it is changes by movements only."""
    changed = find(session, RentalBin, bin_id, lock=True, kind="Bin")
    given = changes.given()
    if size := given.pop("size", None):
        changed.h_ft, changed.l_ft, changed.w_ft = size["h_ft"], size["l_ft"], size["w_ft"]
    for name, value in given.items():
        setattr(changed, name, value)
    return changed


@requires(Permission.RENTAL_BINS_MANAGE)
def take(session: Session, actor: Actor, taken: RentalBin, order: RentalDeliveryOrder) -> RentalBin:
    """Promise a free bin, which the caller has locked, to an order. Raises BinNotFree, naming where it is."""
    if taken.status != BinStatus.IN_WAREHOUSE:
        where = taken.status.replace("_", " ")
        raise BinNotFree(
            f"Bin {taken.serial_number} is not free: it is {where}",
            field="inventory_bin_id",
            reason=f"is {where}",
            status=taken.status,
        )
    take_step(session, actor, taken, BIN_LIFECYCLE, BinStatus.ASSIGNED)
    taken.delivery_order_id, taken.customer_id = order.id, order.customer_id
    return taken


@requires(Permission.RENTAL_BINS_MANAGE)
def release(session: Session, actor: Actor, bin_id: UUID, order: RentalDeliveryOrder) -> RentalBin:
    """Free the bin that was promised to an order."""
    freed = find(session, RentalBin, bin_id, lock=True, kind="Bin")
    if freed.delivery_order_id == order.id:
        take_step(session, actor, freed, BIN_LIFECYCLE, BinStatus.IN_WAREHOUSE)
        freed.delivery_order_id, freed.customer_id = None, None
    return freed


@requires(Permission.RENTAL_BINS_MANAGE)
def record_movement(
    session: Session,
    actor: Actor,
    bin_id: UUID,
    kind: MovementType,
    order: RentalDeliveryOrder,
    at: datetime,
    notes: str | None = None,
) -> RentalBinMovement:
    """Move the bin of an order; area and state are the order's. It moved `at` this moment, after its movements before."""
    return _record(session, actor, bin_id, MovementEntry(movement_type=kind, notes=notes), order, at)


@requires(Permission.RENTAL_BINS_MANAGE)
def move(session: Session, actor: Actor, bin_id: UUID, entry: MovementEntry) -> RentalBinMovement:
    """Record that a bin went out, in, across or to repair. Raises InvalidTransition, BinPromised."""
    order = None
    if entry.related_do_id is not None:
        order = find(session, RentalDeliveryOrder, entry.related_do_id, lock=True, kind="Delivery order")
        if order.bin_id != bin_id:
            raise Invalid.field("related_do_id", "is about another bin")
        if order.status in NOT_OFFICIAL:
            raise Invalid.field("related_do_id", f"is {order.status}")
        if entry.movement_type is MovementType.OUT and order.fulfilment_status in OVER:
            raise Invalid.field("related_do_id", f"is {order.fulfilment_status}")
    return _record(session, actor, bin_id, entry, order, clock.now())


def _record(
    session: Session,
    actor: Actor,
    bin_id: UUID,
    entry: MovementEntry,
    order: RentalDeliveryOrder | None,
    at: datetime,
) -> RentalBinMovement:
    moved = find(session, RentalBin, bin_id, lock=True, kind="Bin")
    before = BinStatus(moved.status)
    after = target(entry.movement_type, before)
    _require_its_order(moved, order)
    take_step(session, SYSTEM, moved, BIN_LIFECYCLE, after, reason=entry.notes)
    if order is not None:
        moved.delivery_order_id, moved.customer_id = order.id, order.customer_id
        moved.area, moved.state = order.area or moved.area, order.state or moved.state
    moved.area = moved.area if entry.area is None else entry.area
    moved.state = moved.state if entry.state is None else entry.state
    customer_id, order_id = moved.customer_id, moved.delivery_order_id
    if after in HOME:
        moved.customer_id, moved.delivery_order_id = None, None
    movement = RentalBinMovement(
        bin_id=bin_id,
        movement_type=entry.movement_type,
        from_status=before,
        to_status=after,
        related_do_id=order_id,
        customer_id=customer_id,
        area=moved.area,
        state=moved.state,
        notes=entry.notes or "",
        moved_at=_after_the_last(session, bin_id, at),
        moved_by=acting(session).name,
    )
    session.add(movement)
    return movement


def _after_the_last(session: Session, bin_id: UUID, at: datetime) -> datetime:
    if at >= clock.now():
        return at
    last = session.scalar(LAST_MOVED, {"bin_id": bin_id})
    return max(at, last or at)


def _require_its_order(moved: RentalBin, order: RentalDeliveryOrder | None) -> None:
    named = order.id if order is not None else None
    if moved.status == BinStatus.ASSIGNED and named is None:
        raise BinPromised(
            f"Bin {moved.serial_number} is promised to a delivery order: name it",
            field="related_do_id",
            reason="is not the order the bin is promised to",
        )
    if named is not None and moved.delivery_order_id not in (None, named):
        raise BinPromised(
            f"Bin {moved.serial_number} belongs to another delivery order now",
            field="related_do_id",
            reason="is not the order that has the bin",
        )
