"""Products over REST: the public's, and a seller's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.marketplace.queries import products as queries
from lattis_app.marketplace.schemas.products import (
    OfferFilters,
    OfferOut,
    ProductChanges,
    ProductEntry,
    ProductFilters,
    ProductOut,
    ReactivatedOut,
)
from lattis_app.marketplace.services import products
from lattis_app.web.dialects import BARE
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Products", "/api", BARE)


@routes.public("/products", queries.offered, method="GET", listed_as="products")
def offered(filters: Annotated[OfferFilters, Query()], request: PageParams) -> Page[OfferOut]:
    return queries.offered(filters, request)


@routes.get("/seller/products", queries.mine, listed_as="products")
def mine(
    session: Session, actor: Actor, filters: Annotated[ProductFilters, Query()], request: PageParams
) -> Page[ProductOut]:
    return queries.mine(session, actor, filters, request)


@routes.post("/seller/products", products.create, status=201)
def create(session: Session, actor: Actor, entry: ProductEntry) -> ProductOut:
    product = products.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, product.id)


@routes.patch("/seller/products/{product_id}", products.update)
def update(session: Session, actor: Actor, product_id: UUID, changes: ProductChanges) -> ProductOut:
    products.update(session, actor, product_id, changes)
    session.flush()
    return queries.find(session, actor, product_id)


@routes.post("/seller/products/reactivate", products.reactivate)
def reactivate(session: Session, actor: Actor) -> ReactivatedOut:
    return ReactivatedOut(reactivated=products.reactivate(session, actor))


@routes.put("/seller/products/{product_id}/activate", products.activate)
def activate(session: Session, actor: Actor, product_id: UUID) -> ProductOut:
    products.activate(session, actor, product_id)
    session.flush()
    return queries.find(session, actor, product_id)


@routes.put("/seller/products/{product_id}/deactivate", products.deactivate)
def deactivate(session: Session, actor: Actor, product_id: UUID) -> ProductOut:
    products.deactivate(session, actor, product_id)
    session.flush()
    return queries.find(session, actor, product_id)
