"""Delivery partners' remittances over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.files import Upload
from lattis_app.core.pagination import Page
from lattis_app.courier.queries import remittances as queries
from lattis_app.courier.schemas.remittances import (
    RemittanceEntry,
    RemittanceFilters,
    RemittanceLineFilters,
    RemittanceLineOut,
    RemittanceOut,
)
from lattis_app.courier.services import remittances
from lattis_app.imports.api.imports import opened_table
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Remittances")


@routes.get("/remittances", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[RemittanceFilters, Query()], request: PageParams
) -> Page[RemittanceOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/remittances", remittances.compare_file, status=201, idempotent=True)
def compare(
    session: Session,
    actor: Actor,
    entry: Annotated[RemittanceEntry, Query()],
    upload: Annotated[Upload, Depends(opened_table)],
) -> RemittanceOut:
    made = remittances.compare_file(session, actor, entry, upload)
    session.flush()
    return queries.find(session, actor, made.id)


@routes.get("/remittances/{remittance_id}", queries.find)
def find(session: Session, actor: Actor, remittance_id: UUID) -> RemittanceOut:
    return queries.find(session, actor, remittance_id)


@routes.get("/remittances/{remittance_id}/lines", queries.lines)
def lines(
    session: Session,
    actor: Actor,
    remittance_id: UUID,
    filters: Annotated[RemittanceLineFilters, Query()],
    request: PageParams,
) -> Page[RemittanceLineOut]:
    return queries.lines(session, actor, remittance_id, filters, request)


@routes.post("/remittances/{remittance_id}/accept", remittances.accept, idempotent=True)
def accept(session: Session, actor: Actor, remittance_id: UUID) -> RemittanceOut:
    remittances.accept(session, actor, remittance_id)
    session.flush()
    return queries.find(session, actor, remittance_id)


@routes.post("/remittances/{remittance_id}/discard", remittances.discard, idempotent=True)
def discard(session: Session, actor: Actor, remittance_id: UUID) -> RemittanceOut:
    remittances.discard(session, actor, remittance_id)
    session.flush()
    return queries.find(session, actor, remittance_id)
