"""Orders over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.marketplace.queries import orders as queries
from lattis_app.marketplace.schemas.orders import OrderEntry, OrderFilters, OrderOut, StepEntry
from lattis_app.marketplace.services import orders
from lattis_app.web.dialects import BARE
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Orders", "/api", BARE)


@routes.get("/orders", queries.page, listed_as="orders")
def page(
    session: Session, actor: Actor, filters: Annotated[OrderFilters, Query()], request: PageParams
) -> Page[OrderOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/orders", orders.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: OrderEntry) -> OrderOut:
    order = orders.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, order.id)


@routes.get("/orders/{order_id}", queries.find)
def find(session: Session, actor: Actor, order_id: UUID) -> OrderOut:
    return queries.find(session, actor, order_id)


@routes.patch("/orders/{order_id}/status", orders.step)
def step(session: Session, actor: Actor, order_id: UUID, entry: StepEntry) -> OrderOut:
    orders.step(session, actor, order_id, entry)
    session.flush()
    return queries.find(session, actor, order_id)
