"""The queue of charges beyond orders' own amounts (contract: rental.md, "Money").

A charge goes on its order's next invoice: while the order's own invoice is not issued, it becomes a line of the
order, which the draft follows; afterwards it is a line of a supplementary invoice's draft, one draft per order.
Locks: orders by id, then charges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import (
    RentalCharge,
    RentalDeliveryOrder,
    RentalHireTerms,
    RentalInvoice,
    RentalInvoiceLine,
)
from lattis_app.rental.queries import business
from lattis_app.rental.rules import charges as rules
from lattis_app.rental.services import invoices, order_lines
from lattis_app.rental.statuses import (
    CHARGE_LIFECYCLE,
    ChargeKind,
    ChargeStatus,
    DeliveryOrderStatus,
    InvoiceStatus,
)

C, T = columns(RentalCharge), columns(RentalHireTerms)
I, L = columns(RentalInvoice), columns(RentalInvoiceLine)  # noqa: E741 — one letter per table
TERMS = select(RentalHireTerms).where(T.delivery_order_id == bindparam("order_id"))
BEFORE_INVOICE = (DeliveryOrderStatus.ISSUED, DeliveryOrderStatus.PENDING_INVOICE)
ASSESSED = (ChargeKind.OVERWEIGHT, ChargeKind.OVERRUN)


class OrderCancelled(PreconditionFailed):
    """Nothing more is charged for an order that was called off."""


def assess(session: Session, order: RentalDeliveryOrder) -> None:
    """Charge what a collected order weighs and took beyond its terms; a charge not billed yet follows corrections.

    The caller holds the order's lock.
    """
    terms = session.scalars(TERMS, {"order_id": order.id}).one_or_none()
    if terms is None or order.collected_at is None or order.delivered_at is None:
        return
    included = rules.Terms(
        terms.included_days,
        Money(terms.overrun_per_day_minor, order.currency),
        terms.included_kg,
        Money(terms.extra_tonne_minor, order.currency),
    )
    days = clock.date_of(order.delivered_at), clock.date_of(order.collected_at)
    due = {extra.kind: extra for extra in rules.extras(included, order.weight_kg, *days)}
    known = select(RentalCharge).where(C.delivery_order_id == order.id, C.kind.in_(ASSESSED))
    charged = {charge.kind: charge for charge in session.scalars(known.with_for_update())}
    for kind in ASSESSED:
        _keep(session, order, charged.get(kind), due.get(kind))


def charge_failed_trip(session: Session, order: RentalDeliveryOrder) -> None:
    """Charge a drive in vain: on the order while its invoice is to come, in the queue once it was issued."""
    terms = session.scalars(TERMS, {"order_id": order.id}).one_or_none()
    fee = business.find(session, SYSTEM).failed_trip_fee if terms is None else terms.failed_trip_fee_minor
    extra = rules.failed_trip(Money(fee, order.currency))
    if extra is None:
        return
    if order.status in BEFORE_INVOICE:
        order_lines.add(session, order, [extra])
    else:
        _keep(session, order, None, extra)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def bill(session: Session, actor: Actor, charge_ids: Sequence[UUID]) -> list[RentalCharge]:
    """Put charges on their orders' next invoices, each once.

    Raises NotFound, InvalidTransition for one that is billed or waived, OrderCancelled.
    """
    order_ids = _orders_of(session, charge_ids)
    orders = {id_: find(session, RentalDeliveryOrder, id_, lock=True) for id_ in sorted(order_ids)}
    statement = select(RentalCharge).where(C.id.in_(charge_ids)).order_by(C.delivery_order_id, C.kind)
    charges = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).all()
    for charge in charges:
        move(session, actor, charge, CHARGE_LIFECYCLE, ChargeStatus.BILLED)
        charge.billed_at = clock.now()
    for order_id, together in groupby(charges, key=lambda charge: charge.delivery_order_id):
        _put_on_invoice(session, orders[order_id], list(together))
    return list(charges)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def waive(session: Session, actor: Actor, charge_id: UUID, reason: str) -> RentalCharge:
    """Let a charge go, with a reason."""
    charge = find(session, RentalCharge, charge_id, lock=True)
    CHARGE_LIFECYCLE.check(ChargeStatus(charge.status), ChargeStatus.WAIVED)
    charge.waived_at, charge.waive_reason = clock.now(), reason
    return move(session, actor, charge, CHARGE_LIFECYCLE, ChargeStatus.WAIVED, reason=reason)


def _keep(
    session: Session, order: RentalDeliveryOrder, known: RentalCharge | None, due: rules.Extra | None
) -> None:
    if known is not None and known.status != ChargeStatus.UNBILLED:
        return
    if due is None:
        if known is not None:
            session.delete(known)
        return
    if known is not None:
        known.quantity, known.amount_minor = due.quantity, due.amount.minor
        return
    session.add(
        RentalCharge(
            delivery_order_id=order.id,
            customer_id=order.customer_id,
            kind=due.kind,
            description=due.description,
            quantity=due.quantity,
            unit=due.unit,
            price_minor=due.price.minor,
            amount_minor=due.amount.minor,
            currency=order.currency,
        )
    )


def _orders_of(session: Session, charge_ids: Sequence[UUID]) -> set[UUID]:
    rows = session.execute(select(C.id, C.delivery_order_id).where(C.id.in_(charge_ids)))
    found = {row.id: row.delivery_order_id for row in rows}
    for missing in set(charge_ids) - found.keys():
        raise NotFound.record("Charge", missing)
    return set(found.values())


def _put_on_invoice(session: Session, order: RentalDeliveryOrder, charges: Sequence[RentalCharge]) -> None:
    if order.status == DeliveryOrderStatus.CANCELLED:
        raise OrderCancelled(
            f"Delivery order {order.system_do_number} is cancelled: waive its charges",
            field="charge_ids",
            reason="the order is cancelled",
        )
    if order.status in BEFORE_INVOICE:
        order_lines.add(session, order, [_extra(charge) for charge in charges])
        return
    invoice = _supplementary_draft(session, order)
    _write_lines(session, invoice, charges)
    for charge in charges:
        charge.invoice_id = invoice.id


def _extra(charge: RentalCharge) -> rules.Extra:
    price = Money(charge.price_minor, charge.currency)
    return rules.Extra(ChargeKind(charge.kind), charge.description, charge.quantity, charge.unit, price)


def _supplementary_draft(session: Session, order: RentalDeliveryOrder) -> RentalInvoice:
    drafted = select(RentalInvoice).where(
        I.delivery_order_id == order.id, I.status == InvoiceStatus.DRAFT, I.supplementary
    )
    known = session.scalars(drafted.with_for_update()).one_or_none()
    if known is not None:
        return known
    invoice = RentalInvoice(
        delivery_order_id=order.id,
        customer_id=order.customer_id,
        supplementary=True,
        payment_method=order.payment_method,
        currency=order.currency,
        tax_rate=business.find(session, SYSTEM).sst_rate,
    )
    session.add(invoice)
    return invoice


def _write_lines(session: Session, invoice: RentalInvoice, charges: Iterable[RentalCharge]) -> None:
    session.flush()
    lines = list(session.scalars(select(RentalInvoiceLine).where(L.invoice_id == invoice.id)))
    for charge in charges:
        line = RentalInvoiceLine(
            invoice_id=invoice.id,
            position=len(lines) + 1,
            description=charge.description,
            quantity=charge.quantity,
            unit=charge.unit,
            price_minor=charge.price_minor,
            amount_minor=charge.amount_minor,
        )
        session.add(line)
        lines.append(line)
    invoices.sum_up(invoice, lines)
