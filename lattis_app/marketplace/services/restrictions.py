"""Restricting sellers, and lifting that (contract: marketplace.md, "Restricted").

Whoever changes what a seller owes locks the seller first, then invoices, then products: nobody waits in a circle, and
two payments at once both see what the other left.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import events
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Forbidden, NotFound
from lattis_app.marketplace.events import SellerUnrestricted
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceProduct, MarketplaceSeller
from lattis_app.marketplace.queries import restrictions as queries
from lattis_app.marketplace.statuses import InvoiceStatus

S, I, G = columns(MarketplaceSeller), columns(MarketplaceInvoice), columns(MarketplaceProduct)  # noqa: E741 — one letter per table


class SellerRestricted(Forbidden):
    """The seller has overdue invoices; `details` name them, and exactly what clears it."""


def hold(session: Session, seller_id: UUID) -> MarketplaceSeller:
    """The seller, whom nobody restricts or frees before this transaction ends. NotFound."""
    held = select(MarketplaceSeller).where(S.id == seller_id).with_for_update(read=True)
    seller = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if seller is None:
        raise NotFound.record("Seller", seller_id)
    return seller


def lock(session: Session, seller_id: UUID) -> MarketplaceSeller:
    """The seller, locked before the invoices. NotFound."""
    return find(session, MarketplaceSeller, seller_id, lock=True, kind="Seller")


def require_free(session: Session, seller_id: UUID) -> MarketplaceSeller:
    """The seller, held, if not restricted. Raises SellerRestricted with the invoices and the amount to clear."""
    seller = hold(session, seller_id)
    if seller.restricted_at is not None:
        found = queries.of_seller(session, seller_id)
        raise SellerRestricted(found.reason, **found.model_dump(mode="json", by_alias=True))
    return seller


def lift(session: Session, seller: MarketplaceSeller, number: str) -> None:
    """Free a locked seller who has no overdue invoice left; hidden products stay so until the seller brings them back."""
    session.flush()
    overdue = select(func.count()).where(I.seller_id == seller.id, I.status == InvoiceStatus.OVERDUE)
    if seller.restricted_at is None or session.scalar(overdue):
        return
    seller.restricted_at = None
    hidden = select(func.count()).where(G.seller_id == seller.id, G.hidden_at.is_not(None))
    events.record(session, SellerUnrestricted(seller.id, number, session.scalar(hidden) or 0))
