"""Generating, paying and cancelling merchant invoices (contract: courier.md, "Rules").

Whatever settles a merchant's parcels holds the merchant first, so that two of them never meet half-way.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID, uuid4

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import acting
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Conflict, NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.numbering import in_order, take_number
from lattis_app.core.transitions import move
from lattis_app.courier.events import (
    MerchantInvoiceCancelled,
    MerchantInvoiceGenerated,
    MerchantInvoicePaid,
)
from lattis_app.courier.models import CourierInvoiceLine, CourierMerchant, CourierMerchantInvoice
from lattis_app.courier.queries import merchants
from lattis_app.courier.rules import postings
from lattis_app.courier.rules.settlements import why_not_settled
from lattis_app.courier.schemas.invoices import InvoiceEntry, PaymentEntry
from lattis_app.courier.services import moves
from lattis_app.courier.statuses import (
    INVOICE_LIFECYCLE,
    FinancialStatus,
    LineKind,
    MerchantInvoiceStatus,
    ParcelStatus,
    SettledBy,
)
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger import domains
from lattis_app.ledger.services import entries

logger = logging.getLogger(__name__)
SERIES, DIGITS, TABLE = "INV", 4, "courier_merchant_invoices"
I = columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table
WAITING = (FinancialStatus.PENDING, FinancialStatus.CLEARANCE_PENDING)
MOST_NAMED = 1_000
"""A refusal names so many parcels; the number of them all stands beside."""


class ParcelsAlreadyInvoiced(Conflict):
    """Some of the parcels are on an invoice already; nothing was generated."""


class ParcelsNotFound(NotFound):
    """Some of the parcels are none of this merchant's; nothing was generated."""


class ParcelsNotEligible(PreconditionFailed):
    """Some of the parcels can't be settled now; nothing was generated."""


class NothingEligible(PreconditionFailed):
    """The merchant has no parcels that can be settled now."""


class MerchantOwes(PreconditionFailed):
    """A negative amount can't be paid out: it is carried forward, or the merchant pays it."""


class MerchantOwesNothing(PreconditionFailed):
    """A merchant pays only what it owes."""


class CarriedForward(PreconditionFailed):
    """The amount stands on a later invoice, and is settled or cancelled with that one."""


@requires(Permission.COURIER_INVOICES_MANAGE)
def generate(
    session: Session, actor: Actor, entry: InvoiceEntry, delivered_before: datetime | None = None
) -> CourierMerchantInvoice:
    """Put the named parcels of a merchant, or all that are eligible, on one invoice; all of them or none.

    Raises NotFound, ParcelsAlreadyInvoiced, ParcelsNotFound, ParcelsNotEligible (each naming every bad parcel and
    why), NothingEligible. The answer holds the first page of the breakdown; the rest is read page by page.
    """
    merchant = _held(session, entry.merchant_id)
    ids = None if entry.parcel_ids is None else list(dict.fromkeys(entry.parcel_ids))
    if ids is not None and (refused := moves.refusals(session, merchant.id, ids)):
        _refuse(refused)
    invoice_id = uuid4()
    sums = moves.invoice(session, merchant.id, invoice_id, ids, delivered_before)
    count = sums["total_parcels"] + sums["clearance_count"]
    if not count:
        raise NothingEligible(
            "The merchant has no parcels that can be settled now: they are on the way, settled or disputed",
            field="merchant_id",
            reason="has no eligible parcels",
        )
    carried = _carry_forward(session, merchant, invoice_id)
    invoice = _write(session, merchant, invoice_id, sums, carried, entry.notes)
    _post(session, merchant, invoice)
    logger.info("merchant invoice %s generated for %s: %d parcels", invoice.invoice_no, merchant.code, count)
    happened = MerchantInvoiceGenerated(
        invoice.id, invoice.invoice_no, merchant.id, count, invoice.payable_amount_minor
    )
    events.record(session, happened)
    return invoice


@requires(Permission.COURIER_INVOICES_MANAGE)
def pay(session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry) -> CourierMerchantInvoice:
    """Note that an invoice was paid out; each parcel is paid with its own amount, each clearance is settled.

    Raises MerchantOwes for a negative amount, InvalidTransition unless it is GENERATED.
    """
    merchant, invoice = _both_held(session, invoice_id)
    INVOICE_LIFECYCLE.check(MerchantInvoiceStatus(invoice.invoice_status), MerchantInvoiceStatus.PAID)
    if invoice.payable_amount_minor < 0:
        owed = Money(-invoice.payable_amount_minor, invoice.currency)
        raise MerchantOwes(
            f"The merchant owes {owed} on {invoice.invoice_no}: it is carried to the next invoice, or the merchant pays it",
            field="payable_amount",
            reason="is negative",
            payable_amount=str(Money(invoice.payable_amount_minor, invoice.currency).decimal),
        )
    return _settle(session, actor, merchant, invoice, entry, SettledBy.PAYOUT)


@requires(Permission.COURIER_INVOICES_MANAGE)
def record_merchant_payment(
    session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry
) -> CourierMerchantInvoice:
    """Note that a merchant paid what it owes on an invoice. Raises MerchantOwesNothing, CarriedForward."""
    merchant, invoice = _both_held(session, invoice_id)
    INVOICE_LIFECYCLE.check(MerchantInvoiceStatus(invoice.invoice_status), MerchantInvoiceStatus.PAID)
    if invoice.payable_amount_minor >= 0:
        raise MerchantOwesNothing(
            f"Nothing is owed by the merchant on {invoice.invoice_no}",
            field="payable_amount",
            reason="is not negative",
        )
    _require_not_carried(session, invoice)
    return _settle(session, actor, merchant, invoice, entry, SettledBy.MERCHANT_PAYMENT)


@requires(Permission.COURIER_INVOICES_MANAGE)
def cancel(session: Session, actor: Actor, invoice_id: UUID, reason: str) -> CourierMerchantInvoice:
    """Take an invoice back: its parcels can be settled again, what it carried waits for the next one.

    Raises InvalidTransition unless it is GENERATED, CarriedForward.
    """
    _, invoice = _both_held(session, invoice_id)
    INVOICE_LIFECYCLE.check(MerchantInvoiceStatus(invoice.invoice_status), MerchantInvoiceStatus.CANCELLED)
    _require_not_carried(session, invoice)
    happened = MerchantInvoiceCancelled(invoice.id, invoice.invoice_no, invoice.merchant_id, reason)
    with session.no_autoflush:
        move(
            session, actor, invoice, INVOICE_LIFECYCLE, MerchantInvoiceStatus.CANCELLED, reason=reason,
            event=happened,
        )  # fmt: skip
        invoice.cancelled_at, invoice.cancel_reason = clock.now(), reason
    moves.release(session, invoice.id, reason)
    for earlier in _carried_into(session, [invoice.id]):
        earlier.carried_to_invoice_id = None
    if _posted(invoice):
        source = (TABLE, invoice.id)
        entries.reverse(session, SYSTEM, postings.GENERATED, source, clock.today(), f"Cancelled: {reason}")
    return invoice


def _held(session: Session, merchant_id: UUID) -> CourierMerchant:
    """The merchant, held until the end of the transaction; others may still refer to it meanwhile."""
    statement = select(CourierMerchant).where(columns(CourierMerchant).id == merchant_id)
    held = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    merchant: CourierMerchant | None = session.scalars(held).one_or_none()
    if merchant is None:
        raise NotFound.record("Merchant", merchant_id)
    return merchant


def _both_held(session: Session, invoice_id: UUID) -> tuple[CourierMerchant, CourierMerchantInvoice]:
    merchant_id = session.scalar(select(I.merchant_id).where(I.id == invoice_id))
    if merchant_id is None:
        raise NotFound.record("Merchant invoice", invoice_id)
    merchant = _held(session, merchant_id)
    return merchant, find(session, CourierMerchantInvoice, invoice_id, lock=True, kind="Merchant invoice")


def _refuse(refused: Sequence[Row[Any]]) -> NoReturn:
    """Name every parcel that can't be settled and why; the gravest reason decides which refusal it is."""
    named = []
    for row in refused[:MOST_NAMED]:
        disputed_on = clock.date_of(row.disputed_at).isoformat() if row.disputed_at else None
        reason = (
            "is no parcel of this merchant"
            if row.status is None
            else why_not_settled(
                ParcelStatus(row.status), FinancialStatus(row.financial_status), disputed_on, row.invoice_no
            )
        )
        named.append({"parcel_id": str(row.id), "tracking_number": row.tracking_number, "reason": reason})
    kind: type[Conflict | NotFound | PreconditionFailed] = ParcelsNotEligible
    if any(row.status and row.financial_status not in WAITING for row in refused):
        kind = ParcelsAlreadyInvoiced
    elif any(row.status is None for row in refused):
        kind = ParcelsNotFound
    logger.warning("merchant invoice refused: %d parcels can't be settled, %s", len(refused), named[0])
    first = f"{named[0]['tracking_number'] or named[0]['parcel_id']} {named[0]['reason']}"
    others = f", and {len(refused) - 1} more" if len(refused) > 1 else ""
    raise kind(
        f"Nothing was generated: {first}{others}",
        field="parcel_ids",
        reason=named[0]["reason"],
        refused=len(refused),
        parcels=named,
    )


def _carry_forward(session: Session, merchant: CourierMerchant, invoice_id: UUID) -> int:
    """Let an invoice begin with what the merchant still owes on earlier ones; what that comes to."""
    owing = session.scalars(
        select(CourierMerchantInvoice)
        .where(
            I.merchant_id == merchant.id,
            I.invoice_status == MerchantInvoiceStatus.GENERATED,
            I.payable_amount_minor < 0,
            I.carried_to_invoice_id.is_(None),
        )
        .order_by(in_order(I.invoice_no))
        .with_for_update()
    ).all()
    for earlier in owing:
        earlier.carried_to_invoice_id = invoice_id
        session.add(
            CourierInvoiceLine(
                invoice_id=invoice_id,
                kind=LineKind.OPENING,
                source_invoice_id=earlier.id,
                tracking_number=earlier.invoice_no,
                net_minor=earlier.payable_amount_minor,
            )
        )
    return sum(earlier.payable_amount_minor for earlier in owing)


def _write(
    session: Session,
    merchant: CourierMerchant,
    invoice_id: UUID,
    sums: dict[str, Any],
    carried: int,
    notes: str,
) -> CourierMerchantInvoice:
    today = clock.today()
    shown = merchants.find(session, SYSTEM, merchant.id)
    charges = sums["total_delivery_charges_minor"] + sums["total_return_charges_minor"]
    clearance = sums["clearance_cod_minor"] - sums["clearance_charges_minor"]
    frozen = ("name", "code", "contact_name", "phone", "email", "address", "bank_name",
              "bank_account_number", "bank_account_holder")  # fmt: skip
    invoice = CourierMerchantInvoice(
        id=invoice_id,
        invoice_no=take_number(session, SERIES, f"{today:%Y-%m}", DIGITS),
        merchant_id=merchant.id,
        currency=merchant.currency,
        **sums,
        opening_minor=carried,
        payable_amount_minor=sums["total_cod_collected_minor"] - charges + clearance + carried,
        issuer={name: value for name, value in asdict(domains.letterhead(session)).items() if value},
        bill_to={name: value for name in frozen if (value := getattr(shown, name))},
        generated_on=today,
        generated_by=acting(session).name,
        notes=notes,
    )
    session.add(invoice)
    return invoice


def _posted(invoice: CourierMerchantInvoice) -> bool:
    """Whether generating an invoice changed anything in the books."""
    charges = invoice.total_delivery_charges_minor + invoice.total_return_charges_minor
    collected = invoice.total_cod_collected_minor + invoice.clearance_cod_minor
    return bool(collected or charges + invoice.clearance_charges_minor)


def _post(session: Session, merchant: CourierMerchant, invoice: CourierMerchantInvoice) -> None:
    collected = invoice.total_cod_collected_minor + invoice.clearance_cod_minor
    charges = (
        invoice.total_delivery_charges_minor
        + invoice.total_return_charges_minor
        + invoice.clearance_charges_minor
    )
    if _posted(invoice):
        lines = postings.generated(
            merchant.party_id, Money(collected, invoice.currency), Money(charges, invoice.currency)
        )
        source = (TABLE, invoice.id)
        entries.post(
            session, SYSTEM, postings.GENERATED, source, invoice.generated_on, lines, invoice.invoice_no
        )


def _settle(
    session: Session,
    actor: Actor,
    merchant: CourierMerchant,
    invoice: CourierMerchantInvoice,
    entry: PaymentEntry,
    how: SettledBy,
) -> CourierMerchantInvoice:
    """Pay an invoice and with it the earlier ones that were carried into it."""
    earlier = _chain(session, invoice)
    moves.pay(session, [invoice.id, *(each.id for each in earlier)], f"Paid with {invoice.invoice_no}")
    _mark_paid(session, actor, invoice, entry, how)
    for each in earlier:
        _mark_paid(
            session, actor, each, PaymentEntry(payment_reference=invoice.invoice_no), SettledBy.CARRIED
        )
    if invoice.payable_amount_minor:
        kind = postings.PAID if how is SettledBy.PAYOUT else postings.MERCHANT_PAID
        lines = postings.paid(merchant.party_id, Money(invoice.payable_amount_minor, invoice.currency))
        memo = " ".join(part for part in (invoice.invoice_no, entry.payment_reference) if part)
        entries.post(session, SYSTEM, kind, (TABLE, invoice.id), clock.today(), lines, memo)
    return invoice


def _mark_paid(
    session: Session, actor: Actor, invoice: CourierMerchantInvoice, entry: PaymentEntry, how: SettledBy
) -> None:
    happened = MerchantInvoicePaid(
        invoice.id, invoice.invoice_no, invoice.merchant_id, invoice.payable_amount_minor, how,
        entry.payment_reference,
    )  # fmt: skip
    with session.no_autoflush:
        move(session, actor, invoice, INVOICE_LIFECYCLE, MerchantInvoiceStatus.PAID, event=happened)
        invoice.paid_at, invoice.paid_by, invoice.settled_by = clock.now(), acting(session).user_id, how
        invoice.payment_reference = entry.payment_reference
        if entry.notes:
            invoice.notes = entry.notes


def _chain(session: Session, invoice: CourierMerchantInvoice) -> list[CourierMerchantInvoice]:
    """The invoices whose amounts stand on this one, the nearest first."""
    found: list[CourierMerchantInvoice] = []
    latest = [invoice]
    while latest:
        latest = list(_carried_into(session, [each.id for each in latest]))
        found += latest
    return found


def _carried_into(session: Session, ids: Sequence[UUID]) -> Sequence[CourierMerchantInvoice]:
    earlier = (
        select(CourierMerchantInvoice)
        .where(I.carried_to_invoice_id.in_(ids))
        .order_by(in_order(I.invoice_no))
    )
    return session.scalars(earlier.with_for_update()).all()


def _require_not_carried(session: Session, invoice: CourierMerchantInvoice) -> None:
    if invoice.carried_to_invoice_id is not None:
        later = find(session, CourierMerchantInvoice, invoice.carried_to_invoice_id)
        raise CarriedForward(
            f"{invoice.invoice_no} was carried to {later.invoice_no}: it is settled with that one",
            field="carried_to_invoice_id",
            reason=f"was carried to {later.invoice_no}",
            invoice_id=str(later.id),
        )
