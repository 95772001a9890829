"""Lorries over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import lorries as queries
from lattis_app.rental.schemas.lorries import LorryAlertOut, LorryChanges, LorryEntry, LorryFilters, LorryOut
from lattis_app.rental.services import lorries
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Lorries")


@routes.get("/lorries", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[LorryFilters, Query()], request: PageParams
) -> Page[LorryOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/lorries/alerts", queries.alerts)
def alerts(
    session: Session,
    actor: Actor,
    request: PageParams,
    within_days: Annotated[int, Query(alias="withinDays", ge=0, le=3650)] = 30,
) -> Page[LorryAlertOut]:
    return queries.alerts(session, actor, within_days, request)


@routes.post("/lorries", lorries.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: LorryEntry) -> LorryOut:
    lorry = lorries.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, lorry.id)


@routes.get("/lorries/{lorry_id}", queries.find)
def find(session: Session, actor: Actor, lorry_id: UUID) -> LorryOut:
    return queries.find(session, actor, lorry_id)


@routes.patch("/lorries/{lorry_id}", lorries.update)
def update(session: Session, actor: Actor, lorry_id: UUID, changes: LorryChanges) -> LorryOut:
    lorries.update(session, actor, lorry_id, changes)
    session.flush()
    return queries.find(session, actor, lorry_id)
