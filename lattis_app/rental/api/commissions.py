"""Commissions over REST."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core import limits
from lattis_app.core.actors import Actor
from lattis_app.core.exports import FileKind
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import commission_statements as statements
from lattis_app.rental.queries import commissions as queries
from lattis_app.rental.schemas.commission_statements import (
    CommissionLineOut,
    CommissionStatementFilters,
    CommissionStatementOut,
)
from lattis_app.rental.schemas.invoices import (
    CommissionApproval,
    CommissionFilters,
    CommissionOut,
    CommissionPayout,
)
from lattis_app.rental.services import commissions
from lattis_app.web import exports
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Commissions")


class Format(StrEnum):
    """As what a statement is answered."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class StatementRequest(CommissionStatementFilters):
    """Whose statement, and as what."""

    format: Format = Format.JSON


@routes.get("/commissions", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[CommissionFilters, Query()], request: PageParams
) -> Page[CommissionOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/commissions/statement", statements.find, also=(*exports.KINDS, "application/pdf"))
def statement(
    session: Session, actor: Actor, filters: Annotated[StatementRequest, Query()]
) -> CommissionStatementOut | Response:
    """An introducer's statement with claw-backs and sums, as JSON, CSV, XLSX or PDF."""
    if filters.format is Format.JSON:
        return statements.find(session, actor, filters)
    limits.hit("exports", str(actor.session_id), exports.EXPORTS_PER_MINUTE)
    match filters.format:
        case Format.PDF:
            headers = {"Content-Disposition": 'inline; filename="commissions.pdf"'}
            content = statements.as_pdf(session, actor, filters)
            return Response(content, media_type="application/pdf", headers=headers)
        case kind:
            lines = statements.find(session, actor, filters).lines
            return exports.download(FileKind(kind), CommissionLineOut, lines, "commissions")


@routes.get("/commissions/{commission_id}", queries.find)
def find(session: Session, actor: Actor, commission_id: UUID) -> CommissionOut:
    return queries.find(session, actor, commission_id)


@routes.post("/commissions/{delivery_order_id}/approve", commissions.approve, idempotent=True)
def approve(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: CommissionApproval
) -> CommissionOut:
    commission = commissions.approve(session, actor, delivery_order_id, entry)
    session.flush()
    return queries.find(session, actor, commission.id)


@routes.post("/commissions/{commission_id}/pay", commissions.pay, idempotent=True)
def pay(session: Session, actor: Actor, commission_id: UUID, entry: CommissionPayout) -> CommissionOut:
    commissions.pay(session, actor, commission_id, entry)
    session.flush()
    return queries.find(session, actor, commission_id)
