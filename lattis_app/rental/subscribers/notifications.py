"""Who is told what when something happens in rental."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.events import subscribe
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.services import notifications
from lattis_app.rental.events import (
    CommissionBecameEligible,
    DoAssigned,
    DoProgressed,
    DoUnassigned,
    InvoicePaid,
    PaymentReceived,
)
from lattis_app.rental.models import RentalDriver
from lattis_app.rental.statuses import FulfilmentStatus

R = columns(RentalDriver)


@subscribe(DoAssigned)
def tell_driver(session: Session, actor: Actor, assigned: DoAssigned) -> None:
    """A driver learns of a new job."""
    notifications.notify(
        session,
        actor,
        users=[assigned.driver_id],
        kind=assigned.name,
        title=f"New job {assigned.number}",
        body=assigned.customer,
        link="/driver",
    )


@subscribe(DoUnassigned)
def tell_driver_of_job_taken_back(session: Session, actor: Actor, unassigned: DoUnassigned) -> None:
    """A driver learns that somebody else does a job."""
    notifications.notify(
        session,
        actor,
        users=[unassigned.driver_id],
        kind=unassigned.name,
        title=f"No longer your job: {unassigned.number}",
        body=unassigned.customer,
        link="/driver",
    )


@subscribe(DoProgressed)
def tell_of_failed_trip(session: Session, actor: Actor, progressed: DoProgressed) -> None:
    """Dispatchers learn of a trip in vain."""
    if progressed.fulfilment_status == FulfilmentStatus.FAILED:
        notifications.notify(
            session,
            actor,
            users=Permission.RENTAL_DELIVERY_ORDERS_MANAGE,
            kind="do.failed",
            title=f"{progressed.number} failed",
            body="The driver could not do the job; the failed-trip fee has been added.",
            link=f"/rental/delivery-orders?open={progressed.entity_id}",
            tone="bad",
        )


@subscribe(InvoicePaid)
def tell_of_paid_invoice(session: Session, actor: Actor, paid: InvoicePaid) -> None:
    """The office learns that nothing is owed on an invoice any more."""
    notifications.notify(
        session,
        actor,
        users=Permission.RENTAL_INVOICES_MANAGE,
        kind=paid.name,
        title=f"{paid.number} is paid",
        link=f"/rental/invoices?open={paid.entity_id}",
        tone="ok",
    )


@subscribe(PaymentReceived)
def tell_of_money_taken_on_site(session: Session, actor: Actor, received: PaymentReceived) -> None:
    """The office learns of money that a driver took."""
    if received.driver_id is not None:
        driver = session.scalar(select(R.name).where(R.id == received.driver_id)) or "A driver"
        notifications.notify(
            session,
            actor,
            users=Permission.RENTAL_PAYMENTS_RECORD,
            kind=received.name,
            title=f"{driver} took {Money(received.amount_minor)}",
            body=f"Receipt {received.receipt_number}, {received.method.lower()}",
            link=f"/rental/payments?open={received.entity_id}",
            tone="ok",
        )


@subscribe(CommissionBecameEligible)
def tell_of_commission(session: Session, actor: Actor, eligible: CommissionBecameEligible) -> None:
    """The office learns that an introducer waits for approval."""
    notifications.notify(
        session,
        actor,
        users=Permission.RENTAL_COMMISSIONS_MANAGE,
        kind=eligible.name,
        title=f"Commission for {eligible.introducer_name} can be approved",
        link=f"/rental/commissions?open={eligible.entity_id}",
    )
