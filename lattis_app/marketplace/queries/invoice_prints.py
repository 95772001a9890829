"""Weekly invoices on paper."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.documents import invoices as documents
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.queries import invoices
from lattis_app.marketplace.schemas.invoices import InvoiceOut

I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table


@dataclass(frozen=True, slots=True)
class Printout:
    """A document and what to call it."""

    file_name: str
    data: bytes


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def mine(session: Session, actor: Actor, invoice_id: UUID) -> Printout:
    """One of one's own invoices as PDF, or NotFound."""
    return _printed(session, invoices.find_mine(session, actor, invoice_id))


@requires(Permission.MARKETPLACE_INVOICES_READ)
def any_seller(session: Session, actor: Actor, invoice_id: UUID) -> Printout:
    """Any seller's invoice as PDF, or NotFound."""
    return _printed(session, invoices.find(session, actor, invoice_id))


def _printed(session: Session, found: InvoiceOut) -> Printout:
    token = session.execute(select(I.check_token).where(I.id == found.id)).scalar_one()
    return Printout(f"{found.invoice_number}.pdf", documents.render(found, link(token)))
