"""Who is told what when something happens in courier. A merchant's users are told by the merchant they stand for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.events import subscribe
from lattis_app.core.money import Money
from lattis_app.courier.events import (
    MerchantInvoiceCancelled,
    MerchantInvoiceGenerated,
    MerchantInvoicePaid,
    ParcelCleared,
    ParcelDisputed,
    ParcelDisputeResolved,
    SettlementRunFinished,
)
from lattis_app.courier.statuses import SettledBy
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.services import notifications

INVOICES, PARCELS = "/merchant/invoices?open={}", "/merchant/parcels?open={}"
DISPUTES = "/merchant/disputes?open={}"


@subscribe(MerchantInvoiceGenerated)
def tell_merchant_of_settlement(session: Session, actor: Actor, generated: MerchantInvoiceGenerated) -> None:
    """A merchant learns what its parcels come to."""
    payable = Money(generated.payable_minor)
    notifications.notify(
        session,
        actor,
        users=[generated.merchant_id],
        kind=generated.name,
        title=f"{generated.number}: {generated.parcels:,} parcels settled",
        body=f"{-payable} is owed and carried forward"
        if payable.minor < 0
        else f"{payable} will be paid to you",
        link=INVOICES.format(generated.entity_id),
    )


@subscribe(MerchantInvoicePaid)
def tell_merchant_of_payment(session: Session, actor: Actor, paid: MerchantInvoicePaid) -> None:
    """A merchant learns that its money is on the way; what was carried into another invoice is told with that one."""
    if paid.settled_by != SettledBy.CARRIED:
        notifications.notify(
            session,
            actor,
            users=[paid.merchant_id],
            kind=paid.name,
            title=f"{paid.number} is paid: {Money(abs(paid.payable_minor))}",
            body=paid.payment_reference,
            link=INVOICES.format(paid.entity_id),
            tone="ok",
        )


@subscribe(MerchantInvoiceCancelled)
def tell_merchant_of_cancellation(
    session: Session, actor: Actor, cancelled: MerchantInvoiceCancelled
) -> None:
    """A merchant learns that a settlement no longer counts."""
    notifications.notify(
        session,
        actor,
        users=[cancelled.merchant_id],
        kind=cancelled.name,
        title=f"{cancelled.number} was cancelled",
        body=f"Its parcels will be settled again. {cancelled.reason}",
        link=INVOICES.format(cancelled.entity_id),
        tone="warn",
    )


@subscribe(ParcelCleared)
def tell_merchant_of_correction(session: Session, actor: Actor, cleared: ParcelCleared) -> None:
    """A merchant learns that a parcel was paid wrongly, and what the next settlement will change."""
    notifications.notify(
        session,
        actor,
        users=[cleared.merchant_id],
        kind=cleared.name,
        title=f"{cleared.tracking_number} was corrected by {Money(cleared.amount_minor)}",
        body=cleared.reason,
        link=PARCELS.format(cleared.entity_id),
    )


@subscribe(ParcelDisputed)
def tell_office_of_dispute(session: Session, actor: Actor, disputed: ParcelDisputed) -> None:
    """The office learns that a merchant waits for an answer."""
    notifications.notify(
        session,
        actor,
        users=Permission.COURIER_DISPUTES_RESOLVE,
        kind=disputed.name,
        title=f"{disputed.tracking_number} is disputed",
        body=disputed.reason,
        link=f"/courier/disputes?open={disputed.dispute_id}",
        tone="warn",
    )


@subscribe(ParcelDisputeResolved)
def tell_merchant_of_answer(session: Session, actor: Actor, resolved: ParcelDisputeResolved) -> None:
    """A merchant learns the answer to its objection."""
    notifications.notify(
        session,
        actor,
        users=[resolved.merchant_id],
        kind=resolved.name,
        title=f"Your dispute of {resolved.tracking_number} was {resolved.outcome.lower()}",
        body=resolved.answer,
        link=DISPUTES.format(resolved.dispute_id),
    )


@subscribe(SettlementRunFinished)
def tell_office_of_run(session: Session, actor: Actor, finished: SettlementRunFinished) -> None:
    """The office learns what a run made, unless it made nothing."""
    if finished.invoices or finished.failed:
        failed = f", {finished.failed} failed" if finished.failed else ""
        notifications.notify(
            session,
            actor,
            users=Permission.COURIER_INVOICES_MANAGE,
            kind=finished.name,
            title=f"{finished.invoices} merchant invoices generated{failed}",
            body=f"{finished.parcels:,} parcels, {Money(finished.payable_minor)} payable",
            link=f"/courier/settle?run={finished.entity_id}",
            tone="bad" if finished.failed else "ok",
        )
