"""Giving money back: asked for, agreed to, paid out (contract: rental.md, "Refund"; docs/domains/rental.md)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.numbering import take_number
from lattis_app.core.schemas import money_of
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.rental.events import RefundApproved, RefundProcessed, RefundRejected, RefundRequested
from lattis_app.rental.models import (
    RentalCustomer,
    RentalDeliveryOrder,
    RentalInvoice,
    RentalPayment,
    RentalRefund,
    RentalRefundPart,
)
from lattis_app.rental.queries import refunds as queries
from lattis_app.rental.rules import postings
from lattis_app.rental.rules import refunds as rules
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import commissions, driver_cash, invoices
from lattis_app.rental.statuses import (
    REFUND_LIFECYCLE,
    InvoiceStatus,
    PaymentMethod,
    RefundStatus,
    RefundTarget,
)

SERIES, TABLE = "RFND", "rental_refunds"
I, P, R = columns(RentalInvoice), columns(RentalPayment), columns(RentalRefund)  # noqa: E741 — one letter per table
D, C = columns(RentalDeliveryOrder), columns(RentalCustomer)
OWN_INVOICE = (
    select(RentalInvoice)
    .where(
        I.delivery_order_id == bindparam("order_id"),
        I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED)),
        ~I.supplementary,
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)
ORDER_OF = (
    select(RentalDeliveryOrder)
    .where(D.id == select(R.delivery_order_id).where(R.id == bindparam("id")).scalar_subquery())
    .with_for_update(of=RentalDeliveryOrder)
    .execution_options(populate_existing=True)
)


class NothingToRefund(PreconditionFailed):
    """An invoice that is a draft or voided has no money on it."""


@requires(Permission.RENTAL_REFUNDS_MANAGE)
def request(session: Session, actor: Actor, entry: RefundEntry) -> RentalRefund:
    """Ask for money to be given back for an order or an invoice.

    Raises AmountExceedsRefundable with what can be refunded, NothingToRefund, NotFound.
    """
    order, invoice = _lock_target(session, entry)
    amount = money_of(entry.amount, order.currency)
    rules.require_refundable(amount, _refundable(session, order, invoice))
    refund = RentalRefund(
        refund_number=take_number(session, SERIES, clock.today().year),
        target_type=entry.target_type,
        delivery_order_id=order.id,
        invoice_id=invoice.id if invoice else None,
        customer_id=order.customer_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=entry.reason,
        requested_on=clock.today(),
        requested_by=actor.name,
    )
    session.add(refund)
    events.record(session, RefundRequested(refund.id, refund.refund_number, amount.minor, refund.reason))
    return refund


@requires(Permission.RENTAL_REFUNDS_MANAGE)
def approve(session: Session, actor: Actor, refund_id: UUID) -> RentalRefund:
    """Agree to a refund."""
    _, refund = _lock(session, refund_id)
    event = RefundApproved(refund.id, refund.refund_number, refund.amount_minor)
    move(session, actor, refund, REFUND_LIFECYCLE, RefundStatus.APPROVED, event=event)
    refund.approved_at = clock.now()
    return refund


@requires(Permission.RENTAL_REFUNDS_MANAGE)
def reject(session: Session, actor: Actor, refund_id: UUID, reason: str) -> RentalRefund:
    """Refuse a refund; its money can be asked for again."""
    _, refund = _lock(session, refund_id)
    event = RefundRejected(refund.id, refund.refund_number, reason)
    move(session, actor, refund, REFUND_LIFECYCLE, RefundStatus.REJECTED, reason=reason, event=event)
    refund.rejected_at, refund.rejection = clock.now(), reason
    return refund


@requires(Permission.RENTAL_REFUNDS_MANAGE)
def process(session: Session, actor: Actor, refund_id: UUID, entry: RefundPayout) -> RentalRefund:
    """Pay an approved refund out of what was paid, and take the introducer's share of it back.

    An invoice is charged and paid less by the same amount, so that nothing is owed again; before the invoice, the
    customer's credit shrinks.
    """
    order, refund = _lock(session, refund_id)
    REFUND_LIFECYCLE.check(RefundStatus(refund.status), RefundStatus.PROCESSED)
    invoice = _invoice_of(session, refund)
    parts = _give_back(session, refund, invoice, entry)
    if invoice is None:
        order.collected_minor -= refund.amount_minor
    else:
        _credit(session, refund, invoice)
    refund.payment_method, refund.reference = entry.payment_method or "", entry.reference
    refund.processed_at = clock.now()
    _post_payout(session, refund, parts)
    event = RefundProcessed(
        refund.id,
        refund.refund_number,
        refund.amount_minor,
        order.id,
        refund.invoice_id,
        tuple(sorted({part.driver_id for part in parts if part.driver_id})),
    )
    return move(session, actor, refund, REFUND_LIFECYCLE, RefundStatus.PROCESSED, event=event)


def _lock_target(session: Session, entry: RefundEntry) -> tuple[RentalDeliveryOrder, RentalInvoice | None]:
    if entry.target_type is RefundTarget.DO:
        order = find(session, RentalDeliveryOrder, entry.target_id, lock=True, kind="Delivery order")
        return order, session.scalars(OWN_INVOICE, {"order_id": order.id}).one_or_none()
    order, invoice = invoices.lock(session, entry.target_id)
    if invoice.status in (InvoiceStatus.DRAFT, InvoiceStatus.VOIDED):
        reason = f"is {invoice.status}"
        raise NothingToRefund(
            f"Invoice {reason}: no money is on it", field="status", reason=reason, current=invoice.status
        )
    return order, invoice


def _refundable(session: Session, order: RentalDeliveryOrder, invoice: RentalInvoice | None) -> Money:
    taken = invoice.paid_minor - invoice.refunded_minor if invoice else order.collected_minor
    promised = queries.promised(session, order.id, invoice.id if invoice else None)
    return Money(taken - promised, order.currency)


def _lock(session: Session, refund_id: UUID) -> tuple[RentalDeliveryOrder, RentalRefund]:
    order = session.scalars(ORDER_OF, {"id": refund_id}).one_or_none()
    if order is None:
        raise NotFound.record("Refund", refund_id)
    return order, find(session, RentalRefund, refund_id, lock=True, kind="Refund")


def _invoice_of(session: Session, refund: RentalRefund) -> RentalInvoice | None:
    """The invoice that a refund lessens: one asked for before the order's own invoice lessens that by now."""
    if refund.invoice_id is not None:
        return find(session, RentalInvoice, refund.invoice_id, lock=True, kind="Invoice")
    invoice = session.scalars(OWN_INVOICE, {"order_id": refund.delivery_order_id}).one_or_none()
    refund.invoice_id = invoice.id if invoice else None
    return invoice


def _give_back(
    session: Session, refund: RentalRefund, invoice: RentalInvoice | None, entry: RefundPayout
) -> list[rules.Part]:
    on_target = P.invoice_id == invoice.id if invoice else P.invoice_id.is_(None)
    last_first = (
        select(RentalPayment)
        .where(P.delivery_order_id == refund.delivery_order_id, on_target, P.amount_minor > P.refunded_minor)
        .order_by(P.received_at.desc(), P.receipt_number.desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    payments = {payment.id: payment for payment in session.scalars(last_first)}
    drivers = {
        each.driver_id for each in payments.values() if each.driver_id and each.method == PaymentMethod.CASH
    }
    held = {each: driver_cash.hold(session, each, refund.currency) for each in sorted(drivers)}
    paid = [
        rules.Paid(
            each.id,
            PaymentMethod(each.method),
            each.driver_id,
            Money(each.amount_minor - each.refunded_minor, each.currency),
        )
        for each in payments.values()
    ]
    parts = rules.give_back(Money(refund.amount_minor, refund.currency), paid, entry.payment_method, held)
    for part in parts:
        payments[part.payment_id].refunded_minor += part.amount.minor
    session.add_all(
        RentalRefundPart(
            refund_id=refund.id,
            payment_id=part.payment_id,
            driver_id=part.driver_id,
            account=part.account,
            amount_minor=part.amount.minor,
            currency=part.amount.currency,
        )
        for part in parts
    )
    return parts


def _credit(session: Session, refund: RentalRefund, invoice: RentalInvoice) -> None:
    """Charge the customer and pay the introducer less."""
    amount, total, tax, before = (
        Money(minor, refund.currency)
        for minor in (
            refund.amount_minor,
            invoice.total_minor,
            invoice.tax_minor,
            invoice.refunded_minor,
        )
    )
    refund.tax_minor = rules.tax_in(amount, total, tax, before).minor
    invoice.refunded_minor += amount.minor
    if not invoice.supplementary:
        commissions.claw_back(session, SYSTEM, refund, total - before)
    entries.post(
        session,
        SYSTEM,
        postings.REFUND_CREDITED,
        (TABLE, refund.id),
        clock.today(),
        postings.refund_credited(
            _party_of(session, refund), amount, Money(refund.tax_minor, refund.currency)
        ),
        refund.refund_number,
    )


def _post_payout(session: Session, refund: RentalRefund, parts: list[rules.Part]) -> None:
    entries.post(
        session,
        SYSTEM,
        postings.REFUND_PAID,
        (TABLE, refund.id),
        clock.today(),
        postings.refund_paid(
            _party_of(session, refund),
            Money(refund.amount_minor, refund.currency),
            refund.invoice_id is not None,
            [(part.account, part.amount, part.driver_id) for part in parts],
        ),
        refund.refund_number,
    )


def _party_of(session: Session, refund: RentalRefund) -> UUID:
    party_id: UUID = session.scalars(select(C.party_id).where(C.id == refund.customer_id)).one()
    return party_id
