"""Drivers over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import drivers as queries
from lattis_app.rental.schemas.drivers import DriverChanges, DriverEntry, DriverFilters, DriverOut
from lattis_app.rental.services import drivers
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Drivers")


@routes.get("/drivers", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[DriverFilters, Query()], request: PageParams
) -> Page[DriverOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/drivers", drivers.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: DriverEntry) -> DriverOut:
    return queries.find(session, actor, drivers.create(session, actor, entry).id)


@routes.get("/drivers/{driver_id}", queries.find)
def find(session: Session, actor: Actor, driver_id: UUID) -> DriverOut:
    return queries.find(session, actor, driver_id)


@routes.patch("/drivers/{driver_id}", drivers.update)
def update(session: Session, actor: Actor, driver_id: UUID, changes: DriverChanges) -> DriverOut:
    drivers.update(session, actor, driver_id, changes)
    return queries.find(session, actor, driver_id)
