"""Other people's lorries over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import rentable_lorries as queries
from lattis_app.rental.schemas.rentable_lorries import (
    RentableLorryChanges,
    RentableLorryEntry,
    RentableLorryFilters,
    RentableLorryOut,
)
from lattis_app.rental.services import rentable_lorries
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Rentable lorries")


@routes.get("/rentable-lorries", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[RentableLorryFilters, Query()], request: PageParams
) -> Page[RentableLorryOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/rentable-lorries", rentable_lorries.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: RentableLorryEntry) -> RentableLorryOut:
    lorry = rentable_lorries.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, lorry.id)


@routes.get("/rentable-lorries/{rentable_lorry_id}", queries.find)
def find(session: Session, actor: Actor, rentable_lorry_id: UUID) -> RentableLorryOut:
    return queries.find(session, actor, rentable_lorry_id)


@routes.patch("/rentable-lorries/{rentable_lorry_id}", rentable_lorries.update)
def update(
    session: Session, actor: Actor, rentable_lorry_id: UUID, changes: RentableLorryChanges
) -> RentableLorryOut:
    rentable_lorries.update(session, actor, rentable_lorry_id, changes)
    session.flush()
    return queries.find(session, actor, rentable_lorry_id)
