"""Keeping one's products, and bringing back those that the system hid."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.schemas import minor_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceProduct
from lattis_app.marketplace.queries.sellers import own_id
from lattis_app.marketplace.schemas.products import ProductChanges, ProductEntry
from lattis_app.marketplace.services import restrictions

G = columns(MarketplaceProduct)


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def create(session: Session, actor: Actor, entry: ProductEntry) -> MarketplaceProduct:
    """Offer something; while the seller is restricted it is hidden like the others."""
    seller = restrictions.hold(session, own_id(actor.subject_id))
    product = MarketplaceProduct(
        seller_id=seller.id,
        name=entry.name,
        description=entry.description,
        price_minor=minor_of(entry.price),
        currency=entry.currency,
        active=seller.restricted_at is None,
        hidden_at=clock.now() if seller.restricted_at else None,
    )
    session.add(product)
    return product


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def update(session: Session, actor: Actor, product_id: UUID, changes: ProductChanges) -> MarketplaceProduct:
    """Change one's own product, hidden or not; orders already taken keep what was agreed. NotFound."""
    product = _own(session, own_id(actor.subject_id), product_id)
    given = changes.given()
    if "price" in given:
        product.price_minor = minor_of(given.pop("price"))
    for name, value in given.items():
        setattr(product, name, value)
    return product


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def activate(session: Session, actor: Actor, product_id: UUID) -> MarketplaceProduct:
    """Show a product again. Raises SellerRestricted, NotFound."""
    seller_id = own_id(actor.subject_id)
    _require_free(session, seller_id)
    product = _own(session, seller_id, product_id)
    product.active, product.hidden_at = True, None
    return product


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def deactivate(session: Session, actor: Actor, product_id: UUID) -> MarketplaceProduct:
    """Take a product off the market; it is then no longer one that the system hid. NotFound."""
    product = _own(session, own_id(actor.subject_id), product_id)
    product.active, product.hidden_at = False, None
    return product


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def reactivate(session: Session, actor: Actor) -> int:
    """Show every product again that the system hid; returns how many. Raises SellerRestricted."""
    seller_id = own_id(actor.subject_id)
    _require_free(session, seller_id)
    hidden = (
        select(MarketplaceProduct)
        .where(G.seller_id == seller_id, G.hidden_at.is_not(None))
        .order_by(G.id)
        .with_for_update()
    )
    products = session.scalars(hidden).all()
    for product in products:
        product.active, product.hidden_at = True, None
    return len(products)


def _require_free(session: Session, seller_id: UUID) -> None:
    try:
        restrictions.require_free(session, seller_id)
    except restrictions.SellerRestricted as refused:
        raise restrictions.SellerRestricted(
            "Your products stay hidden until overdue invoices are paid", **refused.details
        ) from refused


def _own(session: Session, seller_id: UUID, product_id: UUID) -> MarketplaceProduct:
    own = select(MarketplaceProduct).where(G.id == product_id, G.seller_id == seller_id).with_for_update()
    product = session.scalars(own).one_or_none()
    if product is None:
        raise NotFound.record("Product", product_id)
    return product
