"""Which marketplace records carry files: a proof of payment stands with its invoice."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.targets import register_target
from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.errors import NotFound
from lattis_app.identity.permissions import Permission, check
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.queries.sellers import own_id

P = Permission
SELLER_INVOICE = "SELLER_INVOICE"


def guard_invoice(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """Sellers add proofs to their own invoices; administrators see and add to all."""
    own, all_ = (
        (P.MARKETPLACE_OWN_INVOICES_PAY, P.MARKETPLACE_INVOICES_MANAGE)
        if write
        else (P.MARKETPLACE_OWN_INVOICES_READ, P.MARKETPLACE_INVOICES_READ)
    )
    check(actor, own, all_)
    invoice = find(session, MarketplaceInvoice, target_id)
    if not actor.may(all_) and invoice.seller_id != own_id(actor.subject_id):
        raise NotFound.record("Invoice", target_id)


register_target(SELLER_INVOICE, guard_invoice)
