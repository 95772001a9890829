"""Bins over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import availability
from lattis_app.rental.queries import bins as queries
from lattis_app.rental.schemas.bins import (
    BinChanges,
    BinEntry,
    BinFilters,
    BinOut,
    ForecastFilters,
    ForecastOut,
    MovementEntry,
    MovementOut,
)
from lattis_app.rental.services import bins
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Bins")


@routes.get("/bins", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[BinFilters, Query()], request: PageParams
) -> Page[BinOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/bins/availability", availability.forecast)
def forecast(session: Session, actor: Actor, filters: Annotated[ForecastFilters, Query()]) -> ForecastOut:
    return availability.forecast(session, actor, filters)


@routes.post("/bins", bins.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: BinEntry) -> BinOut:
    added = bins.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, added.id)


@routes.get("/bins/{bin_id}", queries.find)
def find(session: Session, actor: Actor, bin_id: UUID) -> BinOut:
    return queries.find(session, actor, bin_id)


@routes.patch("/bins/{bin_id}", bins.update)
def update(session: Session, actor: Actor, bin_id: UUID, changes: BinChanges) -> BinOut:
    bins.update(session, actor, bin_id, changes)
    session.flush()
    return queries.find(session, actor, bin_id)


@routes.get("/bins/{bin_id}/movements", queries.movements)
def movements(session: Session, actor: Actor, bin_id: UUID, request: PageParams) -> Page[MovementOut]:
    return queries.movements(session, actor, bin_id, request)


@routes.post("/bins/{bin_id}/movements", bins.move, status=201, idempotent=True)
def move(session: Session, actor: Actor, bin_id: UUID, entry: MovementEntry) -> MovementOut:
    movement = bins.move(session, actor, bin_id, entry)
    session.flush()
    return queries.find_movement(session, actor, movement.id)
