"""Who is told of refunds: the office of what it has to decide and do, drivers of what their cash was used for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.events import subscribe
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.services import notifications
from lattis_app.rental.events import RefundApproved, RefundProcessed, RefundRequested


@subscribe(RefundRequested)
def tell_of_request(session: Session, actor: Actor, requested: RefundRequested) -> None:
    """The office learns of a refund to decide."""
    notifications.notify(
        session,
        actor,
        users=Permission.RENTAL_REFUNDS_MANAGE,
        kind=requested.name,
        title=f"{requested.number}: {Money(requested.amount_minor)} to decide",
        body=requested.reason,
        link=f"/rental/refunds?open={requested.entity_id}",
        tone="warn",
    )


@subscribe(RefundApproved)
def tell_of_approval(session: Session, actor: Actor, approved: RefundApproved) -> None:
    """The office learns of a refund to pay out."""
    notifications.notify(
        session,
        actor,
        users=Permission.RENTAL_REFUNDS_MANAGE,
        kind=approved.name,
        title=f"{approved.number}: {Money(approved.amount_minor)} to pay out",
        link=f"/rental/refunds?open={approved.entity_id}",
    )


@subscribe(RefundProcessed)
def tell_of_payout(session: Session, actor: Actor, processed: RefundProcessed) -> None:
    """The office learns that money went back, and drivers that it came out of their cash."""
    amount = Money(processed.amount_minor)
    notifications.notify(
        session,
        actor,
        users=Permission.RENTAL_REFUNDS_MANAGE,
        kind=processed.name,
        title=f"{processed.number}: {amount} given back",
        link=f"/rental/refunds?open={processed.entity_id}",
        tone="ok",
    )
    if processed.driver_ids:
        notifications.notify(
            session,
            actor,
            users=processed.driver_ids,
            kind=processed.name,
            title="Cash you hold was used for a refund",
            body=f"{processed.number}: {amount} out of your cash",
            link="/driver/cash",
        )
