"""Finding products: one's own, and those on offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, reading
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, open_to_anyone, requires
from lattis_app.marketplace.models import MarketplaceProduct, MarketplaceSeller
from lattis_app.marketplace.queries.sellers import own_id
from lattis_app.marketplace.schemas.products import OfferFilters, OfferOut, ProductFilters, ProductOut

G, S = columns(MarketplaceProduct), columns(MarketplaceSeller)
SORTS: dict[str, SQLColumnExpression[Any]] = {"name": G.name}
OWN: Select[Any] = select(
    G.id,
    G.name,
    G.description,
    G.price_minor.label("price"),
    G.currency,
    G.active,
    G.hidden_at.is_not(None).label("hidden_by_system"),
    G.hidden_at,
    G.created_at,
    G.updated_at,
)
OFFERED: Select[Any] = (
    select(
        G.id,
        G.name,
        G.description,
        G.price_minor.label("price"),
        G.currency,
        G.seller_id,
        S.store_name,
    )
    .join_from(MarketplaceProduct, MarketplaceSeller, G.seller_id == S.id)
    .where(G.active, S.restricted_at.is_(None))
)


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def mine(session: Session, actor: Actor, filters: ProductFilters, request: PageRequest) -> Page[ProductOut]:
    """List one's own products by name. Sorts: name."""
    statement = OWN.where(G.seller_id == own_id(actor.subject_id))
    if filters.active is not None:
        statement = statement.where(G.active == filters.active)
    if filters.hidden is not None:
        statement = statement.where(G.hidden_at.is_not(None) if filters.hidden else G.hidden_at.is_(None))
    if filters.q:
        statement = statement.where(G.name.icontains(filters.q, autoescape=True))
    ordered = sorted_by(statement, request.sort, SORTS, "name", G.id)
    return paginate(session, ordered, request).map(lambda row: ProductOut(**row._mapping))


@requires(Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE)
def find(session: Session, actor: Actor, product_id: UUID) -> ProductOut:
    """One of one's own products, or NotFound."""
    own = OWN.where(G.id == product_id, G.seller_id == own_id(actor.subject_id))
    row = session.execute(own).one_or_none()
    if row is None:
        raise NotFound.record("Product", product_id)
    return ProductOut(**row._mapping)


@open_to_anyone
def offered(filters: OfferFilters, request: PageRequest) -> Page[OfferOut]:
    """List the active products of sellers who are not restricted, by name. Sorts: name."""
    statement = OFFERED
    if filters.seller_id is not None:
        statement = statement.where(G.seller_id == filters.seller_id)
    if filters.q:
        statement = statement.where(G.name.icontains(filters.q, autoescape=True))
    ordered = sorted_by(statement, request.sort, SORTS, "name", G.id)
    with reading() as session:
        return paginate(session, ordered, request).map(lambda row: OfferOut(**row._mapping))
