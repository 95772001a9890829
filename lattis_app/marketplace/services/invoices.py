"""Paying weekly invoices, claiming that, and cancelling them (contract: marketplace.md, "PAID")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.marketplace.events import ClaimRejected, InvoiceCancelled, InvoicePaid, PaymentClaimed
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplacePaymentClaim, MarketplaceSeller
from lattis_app.marketplace.queries import settings
from lattis_app.marketplace.queries.sellers import own_id
from lattis_app.marketplace.rules import postings
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.invoices import ClaimEntry, PaymentEntry
from lattis_app.marketplace.services import restrictions
from lattis_app.marketplace.statuses import (
    CLAIM_LIFECYCLE,
    INVOICE_LIFECYCLE,
    ClaimStatus,
    InvoiceStatus,
    SellerMarkPaid,
)

TABLE = "marketplace_invoices"
I, C = columns(MarketplaceInvoice), columns(MarketplacePaymentClaim)  # noqa: E741 — one letter per table
P = Permission
_BILLED = """
FROM marketplace_invoice_items i
WHERE i.invoice_id = :invoice_id AND o.id = i.order_id AND o.invoice_id = i.invoice_id
"""
"""The orders of an invoice, found by its items: what a weekly run writes of an order has no index of its own."""
_SETTLE = "UPDATE marketplace_orders o SET seller_paid = true, payment_settled_at = :now, updated_at = :now"
_RELEASE = "UPDATE marketplace_orders o SET invoice_id = NULL, updated_at = :now"
SETTLE, RELEASE = text(_SETTLE + _BILLED), text(_RELEASE + _BILLED)


class AlreadyPaid(Invalid):
    """The invoice is already marked as paid (400, as seed 003 says)."""


class AlreadyClaimed(Conflict):
    """The seller has said so already, and an admin has not answered yet."""


class NothingClaimed(PreconditionFailed):
    """Nobody says that this invoice is paid."""


@requires(P.MARKETPLACE_OWN_INVOICES_PAY)
def mark_mine_paid(
    session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry
) -> MarketplaceInvoice:
    """Say that one's own invoice is paid: it is, or, where that is verified, an admin is asked to confirm it.

    Raises AlreadyPaid, AlreadyClaimed, InvalidTransition, NotFound for another's.
    """
    seller, invoice = _lock(session, invoice_id, own_id(actor.subject_id))
    if settings.current(session).seller_mark_paid == SellerMarkPaid.TRUSTED:
        return _pay(session, actor, seller, invoice, entry.payment_notes)
    proof = entry.payment_notes or "No reference given"
    return _claim(session, actor, seller, invoice, proof[:500], entry.payment_notes)


@requires(P.MARKETPLACE_OWN_INVOICES_PAY)
def claim_payment(session: Session, actor: Actor, invoice_id: UUID, entry: ClaimEntry) -> MarketplaceInvoice:
    """Claim, with a proof, that one's own invoice is paid; an admin confirms it.

    Raises AlreadyPaid, AlreadyClaimed, InvalidTransition, NotFound for another's.
    """
    seller, invoice = _lock(session, invoice_id, own_id(actor.subject_id))
    return _claim(session, actor, seller, invoice, entry.proof, entry.payment_notes)


@requires(P.MARKETPLACE_INVOICES_MANAGE)
def mark_paid(session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry) -> MarketplaceInvoice:
    """Mark any seller's invoice as paid; what the seller claimed is confirmed by it.

    Raises AlreadyPaid, InvalidTransition, NotFound.
    """
    seller, invoice = _lock(session, invoice_id)
    claim = _open_claim(session, invoice.id)
    notes = entry.payment_notes or (claim.payment_notes or claim.proof if claim else "")
    return _pay(session, actor, seller, invoice, notes)


@requires(P.MARKETPLACE_INVOICES_MANAGE)
def reject_claim(session: Session, actor: Actor, invoice_id: UUID, reason: str) -> MarketplaceInvoice:
    """Answer a seller's claim: no payment was found. Raises NothingClaimed, NotFound."""
    seller, invoice = _lock(session, invoice_id)
    claim = _open_claim(session, invoice.id)
    if claim is None:
        raise NothingClaimed(
            "Nobody claims that this invoice is paid", field="status", reason="no open claim"
        )
    claim.rejection = reason
    _decide(session, actor, claim, ClaimStatus.REJECTED, reason)
    events.record(session, ClaimRejected(invoice.id, invoice.invoice_number, seller.id, reason))
    return invoice


@requires(P.MARKETPLACE_INVOICES_MANAGE)
def cancel(session: Session, actor: Actor, invoice_id: UUID, reason: str) -> MarketplaceInvoice:
    """Take an unpaid invoice back; its orders can be billed again by a run of its week.

    Raises InvalidTransition for a paid one, NotFound.
    """
    seller, invoice = _lock(session, invoice_id)
    event = InvoiceCancelled(invoice.id, invoice.invoice_number, seller.id, reason)
    move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.CANCELLED, reason=reason, event=event)
    invoice.cancelled_at, invoice.cancel_reason = clock.now(), reason
    if claim := _open_claim(session, invoice.id):
        _decide(session, actor, claim, ClaimStatus.REJECTED, reason)
    session.execute(RELEASE, {"invoice_id": invoice.id, "now": clock.now()})
    if any(_owed(invoice)):
        source = (TABLE, invoice.id)
        today = clock.today(ZONE)
        entries.reverse(session, SYSTEM, postings.INVOICE_GENERATED, source, today, invoice.invoice_number)
    restrictions.lift(session, seller, invoice.invoice_number)
    return invoice


def _pay(
    session: Session, actor: Actor, seller: MarketplaceSeller, invoice: MarketplaceInvoice, notes: str
) -> MarketplaceInvoice:
    _refuse_paid(invoice)
    now = clock.now()
    event = InvoicePaid(
        invoice.id, invoice.invoice_number, seller.id, invoice.total_minor, invoice.base_currency, actor.name
    )
    move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.PAID, event=event)
    invoice.paid_at, invoice.paid_by, invoice.payment_notes = now, actor.name, notes
    if claim := _open_claim(session, invoice.id):
        _decide(session, actor, claim, ClaimStatus.CONFIRMED)
    session.flush()
    session.execute(SETTLE, {"invoice_id": invoice.id, "now": now})
    lines = [line for owed in _owed(invoice) for line in postings.invoice_paid(seller.party_id, owed) if owed]
    if lines:
        source = (TABLE, invoice.id)
        today = clock.today(ZONE)
        entries.post(session, SYSTEM, postings.INVOICE_PAID, source, today, lines, invoice.invoice_number)
    restrictions.lift(session, seller, invoice.invoice_number)
    return invoice


def _claim(
    session: Session,
    actor: Actor,
    seller: MarketplaceSeller,
    invoice: MarketplaceInvoice,
    proof: str,
    notes: str,
) -> MarketplaceInvoice:
    _refuse_paid(invoice)
    INVOICE_LIFECYCLE.check(InvoiceStatus(invoice.status), InvoiceStatus.PAID)
    if _open_claim(session, invoice.id):
        raise AlreadyClaimed(
            "The payment was claimed already and waits for confirmation", field="status", reason="claimed"
        )
    claim = MarketplacePaymentClaim(
        invoice_id=invoice.id, proof=proof, payment_notes=notes, claimed_by=actor.name
    )
    session.add(claim)
    events.record(session, PaymentClaimed(invoice.id, invoice.invoice_number, seller.id, seller.store_name))
    return invoice


def _lock(
    session: Session, invoice_id: UUID, seller_id: UUID | None = None
) -> tuple[MarketplaceSeller, MarketplaceInvoice]:
    """The seller, then the invoice, which is NotFound when it is not this seller's."""
    owner = session.scalar(select(I.seller_id).where(I.id == invoice_id))
    if owner is None or (seller_id is not None and owner != seller_id):
        raise NotFound.record("Invoice", invoice_id)
    seller = restrictions.lock(session, owner)
    locked = select(MarketplaceInvoice).where(I.id == invoice_id).with_for_update()
    return seller, session.scalars(locked.execution_options(populate_existing=True)).one()


def _refuse_paid(invoice: MarketplaceInvoice) -> None:
    if invoice.status == InvoiceStatus.PAID:
        raise AlreadyPaid("Invoice is already marked as paid", field="status", reason="is paid")


def _owed(invoice: MarketplaceInvoice) -> tuple[Money, Money]:
    return (
        Money(invoice.platform_mkd_minor + invoice.affiliate_mkd_minor, "MKD"),
        Money(invoice.platform_eur_minor + invoice.affiliate_eur_minor, "EUR"),
    )


def _open_claim(session: Session, invoice_id: UUID) -> MarketplacePaymentClaim | None:
    waiting = select(MarketplacePaymentClaim).where(
        C.invoice_id == invoice_id, C.status == ClaimStatus.CLAIMED
    )
    return session.scalars(waiting).one_or_none()


def _decide(
    session: Session, actor: Actor, claim: MarketplacePaymentClaim, to: ClaimStatus, reason: str | None = None
) -> None:
    move(session, actor, claim, CLAIM_LIFECYCLE, to, reason=reason)
    claim.decided_at, claim.decided_by = clock.now(), actor.name
