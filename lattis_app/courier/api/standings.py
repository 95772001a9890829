"""Where merchants stand, over REST."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.exports import FileKind
from lattis_app.courier.queries import standings as queries
from lattis_app.courier.schemas.merchants import MerchantStanding, WeekOut
from lattis_app.ledger.schemas.statements import StatementFilters, StatementOut, StatementRowOut
from lattis_app.web import exports
from lattis_app.web.routing import Routes

routes = Routes("Merchants")


class Format(StrEnum):
    """As what a statement is answered."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class StatementRequest(StatementFilters):
    """Which statement, and as what."""

    format: Format = Format.JSON


@routes.get("/merchants/{merchant_id}/standing", queries.find)
def standing(session: Session, actor: Actor, merchant_id: UUID) -> MerchantStanding:
    return queries.find(session, actor, merchant_id)


@routes.get("/merchants/{merchant_id}/weeks", queries.weeks)
def weeks(session: Session, actor: Actor, merchant_id: UUID) -> list[WeekOut]:
    return queries.weeks(session, actor, merchant_id)


@routes.get("/merchants/{merchant_id}/statement", queries.statement, also=(*exports.KINDS, "application/pdf"))
def statement(
    session: Session, actor: Actor, merchant_id: UUID, filters: Annotated[StatementRequest, Query()]
) -> StatementOut | Response:
    """A merchant's statement of account: opening, lines, closing and ageing, as JSON, CSV, XLSX or PDF."""
    match filters.format:
        case Format.JSON:
            return queries.statement(session, actor, merchant_id, filters)
        case Format.PDF:
            content = queries.statement_as_pdf(session, actor, merchant_id, filters)
            headers = {"Content-Disposition": 'inline; filename="statement.pdf"'}
            return Response(content, media_type="application/pdf", headers=headers)
        case kind:
            rows = queries.statement_rows(session, actor, merchant_id, filters)
            return exports.download(FileKind(kind), StatementRowOut, rows, "statement")
