"""Parcels over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.courier.queries import parcels as queries
from lattis_app.courier.schemas.parcels import (
    ClearanceEntry,
    ParcelChanges,
    ParcelEntry,
    ParcelFilters,
    ParcelOut,
    ParcelRow,
    ParcelStep,
)
from lattis_app.courier.services import clearances, parcels
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Parcels")


@routes.get("/parcels", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[ParcelFilters, Query()], request: PageParams
) -> Page[ParcelRow]:
    return queries.page(session, actor, filters, request)


@routes.post("/parcels", parcels.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: ParcelEntry) -> ParcelOut:
    parcel = parcels.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, parcel.id)


@routes.get("/parcels/{parcel_id}", queries.find)
def find(session: Session, actor: Actor, parcel_id: UUID) -> ParcelOut:
    return queries.find(session, actor, parcel_id)


@routes.patch("/parcels/{parcel_id}", parcels.update)
def update(session: Session, actor: Actor, parcel_id: UUID, changes: ParcelChanges) -> ParcelOut:
    parcels.update(session, actor, parcel_id, changes)
    session.flush()
    return queries.find(session, actor, parcel_id)


@routes.patch("/parcels/{parcel_id}/status", parcels.progress)
def progress(session: Session, actor: Actor, parcel_id: UUID, step: ParcelStep) -> ParcelOut:
    parcels.progress(session, actor, parcel_id, step)
    session.flush()
    return queries.find(session, actor, parcel_id)


@routes.post("/parcels/{parcel_id}/clearance", clearances.record, idempotent=True)
def clear(session: Session, actor: Actor, parcel_id: UUID, entry: ClearanceEntry) -> ParcelOut:
    clearances.record(session, actor, parcel_id, entry)
    session.flush()
    return queries.find(session, actor, parcel_id)
