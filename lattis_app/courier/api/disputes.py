"""Disputes over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.courier.queries import disputes as queries
from lattis_app.courier.schemas.disputes import (
    AcceptEntry,
    DisputeEntry,
    DisputeFilters,
    DisputeOut,
    RejectEntry,
)
from lattis_app.courier.services import disputes
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Parcel disputes")


@routes.get("/parcel-disputes", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[DisputeFilters, Query()], request: PageParams
) -> Page[DisputeOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/parcel-disputes/{dispute_id}", queries.find)
def find(session: Session, actor: Actor, dispute_id: UUID) -> DisputeOut:
    return queries.find(session, actor, dispute_id)


@routes.post("/parcels/{parcel_id}/disputes", disputes.open_, status=201, idempotent=True)
def open_(session: Session, actor: Actor, parcel_id: UUID, entry: DisputeEntry) -> DisputeOut:
    dispute = disputes.open_(session, actor, parcel_id, entry)
    session.flush()
    return queries.find(session, actor, dispute.id)


@routes.post("/parcel-disputes/{dispute_id}/accept", disputes.accept, idempotent=True)
def accept(session: Session, actor: Actor, dispute_id: UUID, entry: AcceptEntry) -> DisputeOut:
    disputes.accept(session, actor, dispute_id, entry)
    session.flush()
    return queries.find(session, actor, dispute_id)


@routes.post("/parcel-disputes/{dispute_id}/reject", disputes.reject, idempotent=True)
def reject(session: Session, actor: Actor, dispute_id: UUID, entry: RejectEntry) -> DisputeOut:
    disputes.reject(session, actor, dispute_id, entry)
    session.flush()
    return queries.find(session, actor, dispute_id)
