"""Weekly invoices on paper."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.documents import invoices as documents
from lattis_app.marketplace.queries import invoices


@dataclass(frozen=True, slots=True)
class Printout:
    """A document and what to call it."""

    file_name: str
    data: bytes


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def mine(session: Session, actor: Actor, invoice_id: UUID) -> Printout:
    """One of one's own invoices as PDF, or NotFound."""
    found = invoices.find_mine(session, actor, invoice_id)
    return Printout(f"{found.invoice_number}.pdf", documents.render(found))


@requires(Permission.MARKETPLACE_INVOICES_READ)
def any_seller(session: Session, actor: Actor, invoice_id: UUID) -> Printout:
    """Any seller's invoice as PDF, or NotFound."""
    found = invoices.find(session, actor, invoice_id)
    return Printout(f"{found.invoice_number}.pdf", documents.render(found))
