"""Refunds over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import refunds as queries
from lattis_app.rental.schemas.refunds import (
    RefundEntry,
    RefundFilters,
    RefundOut,
    RefundPayout,
    RefundRow,
    RejectionEntry,
)
from lattis_app.rental.services import refunds
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Refunds")


@routes.get("/refunds", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[RefundFilters, Query()], request: PageParams
) -> Page[RefundRow]:
    return queries.page(session, actor, filters, request)


@routes.post("/refunds", refunds.request, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: RefundEntry) -> RefundOut:
    refund = refunds.request(session, actor, entry)
    session.flush()
    return queries.find(session, actor, refund.id)


@routes.get("/refunds/{refund_id}", queries.find)
def find(session: Session, actor: Actor, refund_id: UUID) -> RefundOut:
    return queries.find(session, actor, refund_id)


@routes.post("/refunds/{refund_id}/approve", refunds.approve, idempotent=True)
def approve(session: Session, actor: Actor, refund_id: UUID) -> RefundOut:
    refunds.approve(session, actor, refund_id)
    session.flush()
    return queries.find(session, actor, refund_id)


@routes.post("/refunds/{refund_id}/reject", refunds.reject, idempotent=True)
def reject(session: Session, actor: Actor, refund_id: UUID, entry: RejectionEntry) -> RefundOut:
    refunds.reject(session, actor, refund_id, entry.reason)
    session.flush()
    return queries.find(session, actor, refund_id)


@routes.post("/refunds/{refund_id}/process", refunds.process, idempotent=True)
def process(session: Session, actor: Actor, refund_id: UUID, entry: RefundPayout | None = None) -> RefundOut:
    refunds.process(session, actor, refund_id, entry or RefundPayout())
    session.flush()
    return queries.find(session, actor, refund_id)
