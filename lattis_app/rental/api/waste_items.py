"""Kinds of waste over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import waste_items as queries
from lattis_app.rental.schemas.waste_items import (
    WasteItemChanges,
    WasteItemEntry,
    WasteItemFilters,
    WasteItemOut,
)
from lattis_app.rental.services import waste_items
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Waste items")


@routes.get("/waste-items", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[WasteItemFilters, Query()], request: PageParams
) -> Page[WasteItemOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/waste-items", waste_items.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: WasteItemEntry) -> WasteItemOut:
    item = waste_items.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, item.id)


@routes.get("/waste-items/{waste_item_id}", queries.find)
def find(session: Session, actor: Actor, waste_item_id: UUID) -> WasteItemOut:
    return queries.find(session, actor, waste_item_id)


@routes.patch("/waste-items/{waste_item_id}", waste_items.update)
def update(session: Session, actor: Actor, waste_item_id: UUID, changes: WasteItemChanges) -> WasteItemOut:
    waste_items.update(session, actor, waste_item_id, changes)
    session.flush()
    return queries.find(session, actor, waste_item_id)
