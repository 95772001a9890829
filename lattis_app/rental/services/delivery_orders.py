"""Making, changing, issuing and cancelling delivery orders (contract: rental.md, "Lifecycles").

Locks are taken in the order booking → delivery order → bin, numbers last. The bin is locked before the order that
refers to it is written: the reference alone would already hold the bin in a weaker way that two callers can share.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import because
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Forbidden, Invalid, NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.numbering import take_number
from lattis_app.core.schemas import minor_of
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.rental.events import DoAssigned, DoCancelled, DoIssued
from lattis_app.rental.models import (
    RentalBin,
    RentalBooking,
    RentalCommission,
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
    RentalWasteItem,
)
from lattis_app.rental.queries import business, customers
from lattis_app.rental.rules import delivery_orders as rules
from lattis_app.rental.schemas.customers import CustomerOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderChanges, DeliveryOrderEntry, LineEntry
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.services import (
    bins,
    charges,
    collection_reminders,
    credit,
    drivers,
    lorries,
    lorry_trips,
    price_cards,
    settlements,
)
from lattis_app.rental.statuses import (
    BOOKING_LIFECYCLE,
    COMMISSION_LIFECYCLE,
    DELIVERY_ORDER_LIFECYCLE,
    BinStatus,
    BookingStatus,
    CommissionStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
)

KIND = "Delivery order"
SERIES = "DO"
D, LINE, C = columns(RentalDeliveryOrder), columns(RentalDeliveryOrderLine), columns(RentalCommission)
SIMPLE = (
    "phone", "do_by_name", "do_book_number", "po_number", "introducer_name", "weight_kg", "site_address", "area",
    "state", "notes", "company_name", "payment_method", "driver_id", "lorry_id",
)  # fmt: skip


class CustomerOnStop(PreconditionFailed):
    """The customer gets nothing more until the stop is lifted."""


class NotCancellable(PreconditionFailed):
    """The bin is out, or money was taken."""


def lock(session: Session, actor: Actor, delivery_order_id: UUID) -> RentalDeliveryOrder:
    """Hold an order until the end of the transaction; another driver's does not exist. Raises NotFound."""
    order = find(session, RentalDeliveryOrder, delivery_order_id, lock=True, kind=KIND)
    if actor.role == Role.DRIVER and (actor.subject_id is None or order.driver_id != actor.subject_id):
        raise NotFound.record(KIND, delivery_order_id)
    return order


@requires(Permission.RENTAL_DELIVERY_ORDERS_CREATE)
def create(
    session: Session, actor: Actor, entry: DeliveryOrderEntry, exchange_of: RentalDeliveryOrder | None = None
) -> RentalDeliveryOrder:
    """Make a delivery order and, unless it is a draft, issue it: the bin is taken and the number given.

    Raises Invalid for a size or sum that doesn't match, Conflict when the bin is not free or the book number is
    known, CustomerOnStop, CreditLimitExceeded.
    """
    booking = _booked(session, actor, entry)
    customer = customers.find(session, SYSTEM, entry.customer_id)
    wanted = find(session, RentalBin, entry.inventory_bin_id, lock=not entry.draft, kind="Bin")
    _require_size(wanted, entry.bin_size)
    with session.no_autoflush:
        order = _drafted(session, actor, entry, customer, booking)
        if exchange_of is not None:
            order.exchange_of_id, order.introducer_name = exchange_of.id, entry.introducer_name or ""
        _write_lines(session, order, entry.waste_items)
        if not entry.draft:
            _make_official(session, actor, order, customer, wanted)
            price_cards.freeze_terms(session, order, [line.waste_item_id for line in entry.waste_items])
    return order


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def update(
    session: Session, actor: Actor, delivery_order_id: UUID, changes: DeliveryOrderChanges
) -> RentalDeliveryOrder:
    """Change an order: a draft in everything, later what the work on site needs, at last the weight with a reason.

    Raises NotChangeable, Invalid.
    """
    order = lock(session, actor, delivery_order_id)
    given = changes.given()
    reason = given.pop("reason", None)
    rules.require_changeable(DeliveryOrderStatus(order.status), _fulfilment(order), given.keys(), reason)
    driver_before = order.driver_id
    _require_able(session, changes.driver_id, changes.lorry_id, order.service_on)
    because(session, reason)
    _change_terms(session, order, changes)
    for name in SIMPLE:
        if name in given:
            setattr(order, name, given[name])
    if "weight_kg" in given:
        charges.assess(session, order)
    if order.driver_id not in (None, driver_before) and order.system_do_number:
        _tell_driver(session, order)
    return order


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def issue(session: Session, actor: Actor, delivery_order_id: UUID) -> RentalDeliveryOrder:
    """Make a draft official: the bin is taken, the number given, the driver told."""
    booking_id = session.scalar(select(D.booking_id).where(D.id == delivery_order_id))
    if booking_id is not None:
        find(session, RentalBooking, booking_id, lock=True)
    order = lock(session, actor, delivery_order_id)
    DELIVERY_ORDER_LIFECYCLE.check(DeliveryOrderStatus(order.status), DeliveryOrderStatus.ISSUED)
    wanted = find(session, RentalBin, order.bin_id, lock=True, kind="Bin")
    _require_size(wanted, BinSize(h_ft=order.h_ft, l_ft=order.l_ft, w_ft=order.w_ft))
    _require_able(session, order.driver_id, order.lorry_id, order.service_on)
    _make_official(session, actor, order, customers.find(session, SYSTEM, order.customer_id), wanted)
    charged = select(LINE.waste_item_id).where(LINE.delivery_order_id == order.id).order_by(LINE.position)
    price_cards.freeze_terms(session, order, session.scalars(charged).all())
    return order


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def cancel(session: Session, actor: Actor, delivery_order_id: UUID, reason: str) -> RentalDeliveryOrder:
    """Call an order off: its bin is free again, its draft invoice void, its commission and reminders cancelled.

    Raises NotCancellable when the bin is with the customer or money was taken.
    """
    order = lock(session, actor, delivery_order_id)
    DELIVERY_ORDER_LIFECYCLE.check(DeliveryOrderStatus(order.status), DeliveryOrderStatus.CANCELLED)
    was_draft = order.system_do_number is None
    if not was_draft:
        _free_bin(session, order)
        settlements.void_draft(session, SYSTEM, order.id)
        _cancel_commission(session, order, reason)
        collection_reminders.cancel_scheduled(session, SYSTEM, order.id)
        lorry_trips.close_for(session, SYSTEM, order, clock.now())
    order.cancelled_at, order.cancel_reason = clock.now(), reason
    event = DoCancelled(order.id, order.system_do_number or "", reason, order.driver_id)
    to = DeliveryOrderStatus.CANCELLED
    return move(
        session, actor, order, DELIVERY_ORDER_LIFECYCLE, to, reason=reason, event=None if was_draft else event
    )


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE, Permission.RENTAL_DELIVERY_ORDERS_PROGRESS)
def assign_lorry(
    session: Session, actor: Actor, delivery_order_id: UUID, lorry_id: UUID
) -> RentalDeliveryOrder:
    """Choose the lorry before the trip starts. Raises NotChangeable afterwards."""
    order = lock(session, actor, delivery_order_id)
    rules.require_changeable(DeliveryOrderStatus(order.status), _fulfilment(order), {"lorry_id"}, None)
    lorries.check_drivable(session, lorry_id, order.service_on)
    order.lorry_id = lorry_id
    return order


def _booked(session: Session, actor: Actor, entry: DeliveryOrderEntry) -> RentalBooking | None:
    if entry.booking_id is None:
        return None
    booking = find(session, RentalBooking, entry.booking_id, lock=True, kind="Booking")
    if actor.role == Role.DRIVER and booking.driver_id != actor.subject_id:
        raise NotFound.record("Booking", entry.booking_id)
    if booking.customer_id != entry.customer_id:
        raise Invalid.field("booking_id", "is another customer's booking")
    return booking


def _drafted(
    session: Session,
    actor: Actor,
    entry: DeliveryOrderEntry,
    customer: CustomerOut,
    booking: RentalBooking | None,
) -> RentalDeliveryOrder:
    driver_id = _driver_for(actor, entry, booking)
    lorry_id = entry.lorry_id or (booking.lorry_id if booking else None)
    dates = _dates(session, entry, booking)
    _require_able(session, driver_id, lorry_id, dates["service_on"])
    size = entry.bin_size
    order = RentalDeliveryOrder(
        **dates,
        booking_id=entry.booking_id,
        customer_id=entry.customer_id,
        driver_id=driver_id,
        lorry_id=lorry_id,
        bin_id=entry.inventory_bin_id,
        do_by_name=entry.do_by_name or "",
        do_book_number=entry.do_book_number,
        po_number=entry.po_number or "",
        company_name=entry.company_name or customer.company_name,
        phone=entry.phone or customer.phone or "",
        site_address=entry.site_address or (booking.site_address if booking else "") or customer.address,
        area=entry.area or (booking.area if booking else ""),
        state=entry.state or (booking.state if booking else ""),
        h_ft=size.h_ft,
        l_ft=size.l_ft,
        w_ft=size.w_ft,
        payment_method=entry.payment_method,
        amount_minor=minor_of(entry.amount),
        weight_kg=entry.weight_kg,
        introducer_name=entry.introducer_name or customer.introducer_name,
        notes=entry.notes or "",
    )
    session.add(order)
    return order


def _dates(session: Session, entry: DeliveryOrderEntry, booking: RentalBooking | None) -> dict[str, Any]:
    scheduled_at = entry.scheduled_at or (booking.scheduled_at if booking else clock.now())
    service_on = clock.date_of(scheduled_at)
    back_on = booking.expected_return_on if booking else service_on
    if back_on <= service_on:
        back_on = service_on + timedelta(days=business.find(session, SYSTEM).hire_days)
    return {"scheduled_at": scheduled_at, "service_on": service_on, "expected_return_on": back_on}


def _driver_for(actor: Actor, entry: DeliveryOrderEntry, booking: RentalBooking | None) -> UUID | None:
    if actor.role != Role.DRIVER:
        return entry.driver_id or (booking.driver_id if booking else None)
    if actor.subject_id is None or entry.driver_id not in (None, actor.subject_id):
        raise Forbidden("A driver makes delivery orders only for themselves", field="driver_id")
    return actor.subject_id


def _write_lines(session: Session, order: RentalDeliveryOrder, entries: Sequence[LineEntry]) -> None:
    known = _waste_items(session, entries)
    lines = [_line(order, number, entry, known) for number, entry in enumerate(entries, start=1)]
    amount = Money(order.amount_minor, order.currency)
    rules.require_matching_total(amount, [Money(line.amount_minor, order.currency) for line in lines])
    session.add_all(lines)


def _waste_items(session: Session, entries: Sequence[LineEntry]) -> dict[UUID, RentalWasteItem]:
    wanted = {entry.waste_item_id for entry in entries if entry.waste_item_id}
    if not wanted:
        return {}
    found = session.scalars(select(RentalWasteItem).where(columns(RentalWasteItem).id.in_(wanted)))
    known = {item.id: item for item in found}
    for missing in wanted - known.keys():
        raise NotFound.record("Waste item", missing)
    return known


def _line(
    order: RentalDeliveryOrder, position: int, entry: LineEntry, known: dict[UUID, RentalWasteItem]
) -> RentalDeliveryOrderLine:
    item = known.get(entry.waste_item_id) if entry.waste_item_id else None
    price = minor_of(entry.price) if entry.price is not None else (item.price_minor if item else 0)
    return RentalDeliveryOrderLine(
        delivery_order_id=order.id,
        position=position,
        waste_item_id=entry.waste_item_id,
        description=entry.description or (item.name if item else ""),
        quantity=entry.quantity,
        unit=entry.unit if entry.unit is not None else (item.unit if item else ""),
        price_minor=price,
        amount_minor=rules.line_total(entry.quantity, Money(price, order.currency)).minor,
    )


def _change_terms(session: Session, order: RentalDeliveryOrder, changes: DeliveryOrderChanges) -> None:
    if changes.scheduled_at is not None:
        stay = order.expected_return_on - order.service_on
        order.scheduled_at = changes.scheduled_at
        order.service_on = clock.date_of(changes.scheduled_at)
        order.expected_return_on = order.service_on + stay
    if changes.customer_id is not None:
        customer = customers.find(session, SYSTEM, changes.customer_id)
        order.customer_id, order.company_name = customer.id, customer.company_name
    if changes.inventory_bin_id is not None or changes.bin_size is not None:
        _change_bin(session, order, changes)
    if changes.amount is not None:
        order.amount_minor = minor_of(changes.amount)
    if changes.waste_items is not None:
        session.execute(delete(RentalDeliveryOrderLine).where(LINE.delivery_order_id == order.id))
        _write_lines(session, order, changes.waste_items)
    elif changes.amount is not None:
        totals = session.scalars(select(LINE.amount_minor).where(LINE.delivery_order_id == order.id))
        amount = Money(order.amount_minor, order.currency)
        rules.require_matching_total(amount, [Money(total, order.currency) for total in totals])


def _change_bin(session: Session, order: RentalDeliveryOrder, changes: DeliveryOrderChanges) -> None:
    wanted = find(session, RentalBin, changes.inventory_bin_id or order.bin_id, kind="Bin")
    size = changes.bin_size or BinSize(h_ft=order.h_ft, l_ft=order.l_ft, w_ft=order.w_ft)
    _require_size(wanted, size)
    order.bin_id = wanted.id
    order.h_ft, order.l_ft, order.w_ft = size.h_ft, size.l_ft, size.w_ft


def _require_size(wanted: RentalBin, stated: BinSize) -> None:
    actual = BinSize(h_ft=wanted.h_ft, l_ft=wanted.l_ft, w_ft=wanted.w_ft)
    if actual != stated:
        reason = f"bin {wanted.serial_number} is {actual.text}, not {stated.text}"
        raise Invalid.field("bin_size", reason)


def _require_able(session: Session, driver_id: UUID | None, lorry_id: UUID | None, on: date) -> None:
    if driver_id is not None:
        drivers.find_active(session, driver_id)
    if lorry_id is not None:
        lorries.check_drivable(session, lorry_id, on)


def _make_official(
    session: Session, actor: Actor, order: RentalDeliveryOrder, customer: CustomerOut, wanted: RentalBin
) -> None:
    if customer.on_stop:
        raise CustomerOnStop(f"{customer.company_name} is on stop", field="customer_id", reason="on stop")
    if customer.po_required and not order.po_number:
        raise Invalid.field("po_number", "this customer's orders need a purchase order number")
    credit.check(session, actor, order, customer)
    _fulfil_booking(session, actor, order)
    bins.take(session, SYSTEM, wanted, order)
    if order.introducer_name:
        session.add(RentalCommission(delivery_order_id=order.id, introducer_name=order.introducer_name))
    order.issued_at = clock.now()
    order.system_do_number = take_number(session, SERIES, clock.today().year)
    event = DoIssued(order.id, order.system_do_number, order.driver_id)
    move(session, actor, order, DELIVERY_ORDER_LIFECYCLE, DeliveryOrderStatus.ISSUED, event=event)
    if order.driver_id is not None:
        _tell_driver(session, order)


def _fulfil_booking(session: Session, actor: Actor, order: RentalDeliveryOrder) -> None:
    booking = session.get(RentalBooking, order.booking_id) if order.booking_id else None
    if booking is not None and booking.status != BookingStatus.FULFILLED:
        move(session, actor, booking, BOOKING_LIFECYCLE, BookingStatus.FULFILLED)


def _tell_driver(session: Session, order: RentalDeliveryOrder) -> None:
    if order.driver_id is not None:
        number = order.system_do_number or ""
        events.record(session, DoAssigned(order.id, order.driver_id, number, order.company_name))


def _free_bin(session: Session, order: RentalDeliveryOrder) -> None:
    taken = find(session, RentalBin, order.bin_id, lock=True)
    holds = taken.delivery_order_id == order.id
    if holds and taken.status == BinStatus.WITH_CUSTOMER:
        raise NotCancellable(
            f"Bin {taken.serial_number} is with the customer: collect it first",
            field="bin",
            reason="is with the customer",
        )
    if order.collected_minor:
        collected = Money(order.collected_minor, order.currency).text()
        raise NotCancellable(
            f"{collected} was taken: refund it first", field="collected", reason="money was taken"
        )
    if holds and taken.status == BinStatus.ASSIGNED:
        bins.release(session, SYSTEM, order.bin_id, order)


def _cancel_commission(session: Session, order: RentalDeliveryOrder, reason: str) -> None:
    pending = select(RentalCommission).where(
        C.delivery_order_id == order.id, C.status == CommissionStatus.PENDING
    )
    for commission in session.scalars(pending.with_for_update()):
        to = CommissionStatus.CANCELLED
        move(session, SYSTEM, commission, COMMISSION_LIFECYCLE, to, reason=reason)


def _fulfilment(order: RentalDeliveryOrder) -> FulfilmentStatus:
    return FulfilmentStatus(order.fulfilment_status)
