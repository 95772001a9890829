"""What introducers earn (contract: rental.md, "Commission")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.schemas import minor_of
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.rental.events import CommissionApproved, CommissionBecameEligible, CommissionPaid
from lattis_app.rental.models import RentalCommission, RentalDeliveryOrder, RentalInvoice, RentalRefund
from lattis_app.rental.rules import postings
from lattis_app.rental.rules import refunds as rules
from lattis_app.rental.schemas.invoices import CommissionApproval, CommissionPayout
from lattis_app.rental.statuses import COMMISSION_LIFECYCLE, CommissionStatus, InvoiceStatus, PayoutMethod

TABLE = "rental_commissions"
C, I = columns(RentalCommission), columns(RentalInvoice)  # noqa: E741 — one letter per table
PAID = (InvoiceStatus.PAID, InvoiceStatus.CLOSED)


class InvoiceNotPaid(PreconditionFailed):
    """A commission is earned when the invoice is paid."""


class InvoiceRefunded(PreconditionFailed):
    """Nobody earns anything of an invoice that was given back whole."""


@requires(Permission.RENTAL_COMMISSIONS_MANAGE)
def mark_eligible(session: Session, actor: Actor, delivery_order_id: UUID) -> RentalCommission | None:
    """The invoice is paid: the introducer has earned it. None when nobody introduced, or it is done already."""
    commission = _of(session, delivery_order_id)
    if (
        commission is None
        or commission.status != CommissionStatus.PENDING
        or not _is_paid(session, delivery_order_id)
    ):
        return None
    return _earn(session, actor, commission)


def _earn(session: Session, actor: Actor, commission: RentalCommission) -> RentalCommission:
    commission.eligible_at = clock.now()
    event = CommissionBecameEligible(commission.id, commission.introducer_name)
    return move(session, actor, commission, COMMISSION_LIFECYCLE, CommissionStatus.ELIGIBLE, event=event)


@requires(Permission.RENTAL_COMMISSIONS_MANAGE)
def approve(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: CommissionApproval
) -> RentalCommission:
    """Agree to what an introducer gets; one who was not named on the order may be named now.

    Raises InvoiceNotPaid, InvoiceRefunded.
    """
    order = find(session, RentalDeliveryOrder, delivery_order_id, lock=True, kind="Delivery order")
    commission = _of(session, delivery_order_id)
    _require_earned(session, delivery_order_id)
    if commission is None:
        if not entry.introducer_name:
            raise Invalid.field("introducer_name", "nobody is named on the order: say who introduced it")
        commission = RentalCommission(delivery_order_id=order.id, introducer_name=entry.introducer_name)
        session.add(commission)
    if commission.status == CommissionStatus.PENDING:
        _earn(session, SYSTEM, commission)
    COMMISSION_LIFECYCLE.check(CommissionStatus(commission.status), CommissionStatus.APPROVED)
    commission.introducer_name = entry.introducer_name or commission.introducer_name
    commission.amount_minor, commission.approved_at = minor_of(entry.amount), clock.now()
    amount = Money(commission.amount_minor, commission.currency)
    entries.post(
        session,
        SYSTEM,
        postings.COMMISSION_APPROVED,
        (TABLE, commission.id),
        clock.today(),
        postings.commission_approved(amount, commission.id),
        commission.introducer_name,
    )
    event = CommissionApproved(commission.id, commission.introducer_name, amount.minor)
    return move(session, actor, commission, COMMISSION_LIFECYCLE, CommissionStatus.APPROVED, event=event)


def _require_earned(session: Session, delivery_order_id: UUID) -> None:
    if not _is_paid(session, delivery_order_id):
        raise InvoiceNotPaid(
            "The commission is earned when the invoice is paid",
            field="status",
            reason="the invoice is not paid",
        )
    if _is_paid(session, delivery_order_id, I.refunded_minor == I.total_minor):
        raise InvoiceRefunded(
            "The invoice was refunded whole: nothing was earned",
            field="status",
            reason="the invoice was refunded",
        )


@requires(Permission.RENTAL_COMMISSIONS_MANAGE)
def pay(session: Session, actor: Actor, commission_id: UUID, entry: CommissionPayout) -> RentalCommission:
    """Pay an approved commission out."""
    commission = find(session, RentalCommission, commission_id, lock=True, kind="Commission")
    COMMISSION_LIFECYCLE.check(CommissionStatus(commission.status), CommissionStatus.PAID)
    commission.payment_method, commission.reference = entry.payment_method, entry.reference
    commission.paid_at = clock.now()
    amount = Money(commission.amount_minor or 0, commission.currency)
    entries.post(
        session,
        SYSTEM,
        postings.COMMISSION_PAID,
        (TABLE, commission.id),
        clock.today(),
        postings.commission_paid(amount, commission.id, PayoutMethod(entry.payment_method)),
        entry.reference,
    )
    event = CommissionPaid(commission.id, commission.introducer_name, amount.minor)
    return move(session, actor, commission, COMMISSION_LIFECYCLE, CommissionStatus.PAID, event=event)


@requires(Permission.RENTAL_COMMISSIONS_MANAGE)
def claw_back(session: Session, actor: Actor, refund: RentalRefund, charged: Money) -> None:
    """Take back an introducer's share of a refund, where `charged` is what the invoice came to before it.

    What is approved shrinks; what is paid gets a negative line, to be settled like a commission. Nothing is left of
    the commission for an invoice that is refunded whole.
    """
    commission = _of(session, refund.delivery_order_id)
    if commission is None or commission.status == CommissionStatus.CANCELLED:
        return
    agreed = Money((commission.amount_minor or 0) + _taken_back(session, commission), charged.currency)
    share = rules.clawed_back(agreed, Money(refund.amount_minor, refund.currency), charged)
    if commission.status == CommissionStatus.PAID:
        if share:
            _owe_back(session, refund, commission, share)
        return
    if share:
        _post_claw_back(session, refund, commission, share)
    if share == agreed and (share or refund.amount_minor == charged.minor):
        reason = f"{refund.refund_number}: {refund.reason}"
        move(session, actor, commission, COMMISSION_LIFECYCLE, CommissionStatus.CANCELLED, reason=reason)
    elif share:
        commission.amount_minor = (agreed - share).minor


def _taken_back(session: Session, commission: RentalCommission) -> int:
    lines = select(func.coalesce(func.sum(C.amount_minor), 0)).where(
        C.delivery_order_id == commission.delivery_order_id, C.refund_id.is_not(None)
    )
    return int(session.scalar(lines) or 0)


def _owe_back(session: Session, refund: RentalRefund, commission: RentalCommission, share: Money) -> None:
    now = clock.now()
    line = RentalCommission(
        delivery_order_id=commission.delivery_order_id,
        refund_id=refund.id,
        introducer_name=commission.introducer_name,
        status=CommissionStatus.APPROVED,
        amount_minor=-share.minor,
        currency=share.currency,
        eligible_at=now,
        approved_at=now,
    )
    session.add(line)
    _post_claw_back(session, refund, line, share)


def _post_claw_back(
    session: Session, refund: RentalRefund, commission: RentalCommission, share: Money
) -> None:
    entries.post(
        session,
        SYSTEM,
        postings.COMMISSION_CLAWED_BACK,
        ("rental_refunds", refund.id),
        clock.today(),
        postings.commission_approved(-share, commission.id),
        f"{refund.refund_number}, {commission.introducer_name}",
    )


@requires(Permission.RENTAL_COMMISSIONS_MANAGE)
def sweep(session: Session, actor: Actor) -> int:
    """Make eligible what an event missed; returns how many."""
    statement = (
        select(RentalCommission)
        .join(RentalInvoice, I.delivery_order_id == C.delivery_order_id)
        .where(C.status == CommissionStatus.PENDING, I.status.in_(PAID), ~I.supplementary)
        .with_for_update(of=RentalCommission, skip_locked=True)
    )
    found = session.scalars(statement).all()
    for commission in found:
        _earn(session, actor, commission)
    return len(found)


def _of(session: Session, delivery_order_id: UUID) -> RentalCommission | None:
    statement = select(RentalCommission).where(
        C.delivery_order_id == delivery_order_id, C.refund_id.is_(None)
    )
    return session.scalars(statement.with_for_update()).one_or_none()


def _is_paid(session: Session, delivery_order_id: UUID, *further: ColumnElement[bool]) -> bool:
    statement = select(I.id).where(
        I.delivery_order_id == delivery_order_id, I.status.in_(PAID), ~I.supplementary, *further
    )
    return session.scalar(statement) is not None
