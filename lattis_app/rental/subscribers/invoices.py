"""What issued orders and paid invoices bring about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.events import subscribe
from lattis_app.rental.events import DoIssued, InvoicePaid
from lattis_app.rental.services import commissions, invoices


@subscribe(DoIssued)
def draft_invoice(session: Session, actor: Actor, issued: DoIssued) -> None:
    """An issued order gets its draft invoice."""
    invoices.draft_for(session, actor, issued.entity_id)


@subscribe(InvoicePaid)
def make_commission_eligible(session: Session, actor: Actor, paid: InvoicePaid) -> None:
    """A paid invoice earns its introducer a commission."""
    commissions.mark_eligible(session, actor, paid.delivery_order_id)
