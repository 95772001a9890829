"""Parcels over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.files import Upload
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
from lattis_app.imports.api.imports import opened_table
from lattis_app.imports.queries import imports as import_queries
from lattis_app.imports.schemas.imports import ImportOut
from lattis_app.imports.services import imports
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


@routes.post("/parcels/import", imports.check, status=201, idempotent=True)
def import_file(
    session: Session, actor: Actor, upload: Annotated[Upload, Depends(opened_table)], dry_run: bool = False
) -> ImportOut:
    """Bring in a CSV or XLSX file of parcels: every line is checked, and those that make new parcels are made.

    With `dry_run` nothing is made until `POST /v1/imports/{id}/run`; what each line says is at `/v1/imports/{id}/rows`.
    """
    batch = imports.check(session, actor, "parcels", upload)
    session.flush()
    if batch.new_count and not dry_run:
        imports.run(session, actor, batch.id)
        session.flush()
    return import_queries.find(session, actor, batch.id)


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
