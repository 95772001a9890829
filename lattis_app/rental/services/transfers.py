"""Moving a bin that is with its customer, and exchanging it for an empty one (contract: rental.md, "Bin")."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import find
from lattis_app.core.errors import PreconditionFailed
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBin, RentalDeliveryOrder
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderEntry, LineEntry, ReminderEntry
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.schemas.transfers import ExchangeEntry, RelocationEntry
from lattis_app.rental.services import bins, collection_reminders, delivery_orders
from lattis_app.rental.statuses import FulfilmentStatus, MovementType, ReminderType


class BinNotWithCustomer(PreconditionFailed):
    """Only a bin that stands with its customer is moved or exchanged."""


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def relocate(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: RelocationEntry
) -> RentalDeliveryOrder:
    """Take an order's bin to another site of its customer. Raises BinNotWithCustomer."""
    order = with_customer(session, actor, delivery_order_id)
    take(session, order, entry, clock.now())
    return order


def take(session: Session, order: RentalDeliveryOrder, entry: RelocationEntry, at: datetime) -> None:
    """Note that the bin of an order, which the caller has locked, stands on another site since a moment."""
    order.site_address = entry.site_address
    order.area = order.area if entry.area is None else entry.area
    order.state = order.state if entry.state is None else entry.state
    session.flush()
    bins.record_movement(session, SYSTEM, order.bin_id, MovementType.TRANSFER, order, at, entry.reason)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def exchange(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: ExchangeEntry
) -> RentalDeliveryOrder:
    """Bring an empty bin for a full one: a new order to the same site, and a reminder to take the full one along.

    The customer was introduced when the first bin was hired: nobody earns a second commission for the exchange unless
    it names an introducer itself. Raises BinNotWithCustomer and what making an order raises.
    """
    order = with_customer(session, actor, delivery_order_id)
    full = find(session, RentalBin, order.bin_id)
    empty = find(session, RentalBin, entry.inventory_bin_id, kind="Bin")
    notes = f"Exchange: take bin {full.serial_number} of {order.system_do_number} back"
    made = delivery_orders.create(session, actor, _order_like(order, empty, entry, notes), exchange_of=order)
    reminder = ReminderEntry(reminder_type=ReminderType.SAME_DAY, scheduled_date=entry.scheduled_at)
    collection_reminders.schedule(session, SYSTEM, order.id, reminder)
    return made


def _order_like(
    order: RentalDeliveryOrder, empty: RentalBin, entry: ExchangeEntry, notes: str
) -> DeliveryOrderEntry:
    waste = (
        []
        if entry.waste_item_id is None
        else [LineEntry(waste_item_id=entry.waste_item_id, price=entry.amount)]
    )
    return DeliveryOrderEntry(
        customer_id=order.customer_id,
        inventory_bin_id=empty.id,
        bin_size=BinSize(h_ft=empty.h_ft, l_ft=empty.l_ft, w_ft=empty.w_ft),
        payment_method=entry.payment_method or order.payment_method,
        amount=entry.amount,
        driver_id=entry.driver_id or order.driver_id,
        lorry_id=entry.lorry_id or order.lorry_id,
        company_name=order.company_name,
        phone=order.phone or None,
        do_by_name=order.do_by_name or None,
        po_number=order.po_number or None,
        introducer_name=entry.introducer_name,
        site_address=order.site_address or None,
        area=order.area,
        state=order.state,
        waste_items=waste,
        scheduled_at=entry.scheduled_at,
        notes=notes,
    )


def with_customer(session: Session, actor: Actor, delivery_order_id: UUID) -> RentalDeliveryOrder:
    """Hold an order whose bin stands with its customer. Raises NotFound, BinNotWithCustomer."""
    order = delivery_orders.lock(session, actor, delivery_order_id)
    if order.fulfilment_status != FulfilmentStatus.DELIVERED:
        raise BinNotWithCustomer(
            f"The bin is not with the customer: the job is {order.fulfilment_status}",
            field="fulfilment_status",
            reason=f"is {order.fulfilment_status}",
        )
    return order
