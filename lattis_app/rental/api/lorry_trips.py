"""Lorry trips over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import lorry_trips as queries
from lattis_app.rental.schemas.lorry_trips import (
    LorryTripChanges,
    LorryTripEntry,
    LorryTripFilters,
    LorryTripOut,
)
from lattis_app.rental.services import lorry_trips
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Lorry trips")


@routes.get("/lorry-trips", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[LorryTripFilters, Query()], request: PageParams
) -> Page[LorryTripOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/lorry-trips", lorry_trips.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: LorryTripEntry) -> LorryTripOut:
    trip = lorry_trips.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, trip.id)


@routes.get("/lorry-trips/{trip_id}", queries.find)
def find(session: Session, actor: Actor, trip_id: UUID) -> LorryTripOut:
    return queries.find(session, actor, trip_id)


@routes.patch("/lorry-trips/{trip_id}", lorry_trips.update)
def update(session: Session, actor: Actor, trip_id: UUID, changes: LorryTripChanges) -> LorryTripOut:
    lorry_trips.update(session, actor, trip_id, changes)
    session.flush()
    return queries.find(session, actor, trip_id)
