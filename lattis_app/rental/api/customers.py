"""Customers over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.parties.schemas.merges import MergeEntry, MergeOut
from lattis_app.rental.queries import customers as queries
from lattis_app.rental.schemas.customers import CustomerChanges, CustomerEntry, CustomerFilters, CustomerOut
from lattis_app.rental.services import customers
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Customers")


@routes.get("/customers", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[CustomerFilters, Query()], request: PageParams
) -> Page[CustomerOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/customers", customers.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: CustomerEntry) -> CustomerOut:
    customer = customers.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, customer.id)


@routes.get("/customers/{customer_id}", queries.find)
def find(session: Session, actor: Actor, customer_id: UUID) -> CustomerOut:
    return queries.find(session, actor, customer_id)


@routes.patch("/customers/{customer_id}", customers.update)
def update(session: Session, actor: Actor, customer_id: UUID, changes: CustomerChanges) -> CustomerOut:
    customers.update(session, actor, customer_id, changes)
    session.flush()
    return queries.find(session, actor, customer_id)


@routes.post("/customers/{customer_id}/merge", customers.merge, idempotent=True)
def merge(session: Session, actor: Actor, customer_id: UUID, entry: MergeEntry) -> MergeOut:
    return customers.merge(session, actor, customer_id, entry)
