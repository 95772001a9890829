"""Statements of account over REST."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.exports import FileKind
from lattis_app.ledger.queries import statements as queries
from lattis_app.ledger.schemas.statements import StatementFilters, StatementOut, StatementRowOut
from lattis_app.web import exports
from lattis_app.web.routing import Routes

routes = Routes("Ledger")


class Format(StrEnum):
    """As what a statement is answered."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class StatementRequest(StatementFilters):
    """Which statement, and as what."""

    format: Format = Format.JSON


@routes.get("/parties/{party_id}/statement", queries.find, also=(*exports.KINDS, "application/pdf"))
def statement(
    session: Session, actor: Actor, party_id: UUID, filters: Annotated[StatementRequest, Query()]
) -> StatementOut | Response:
    """A party's statement of account: opening, lines, closing and ageing, as JSON, CSV, XLSX or PDF."""
    match filters.format:
        case Format.JSON:
            return queries.find(session, actor, party_id, filters)
        case Format.PDF:
            content = queries.as_pdf(session, actor, party_id, filters)
            headers = {"Content-Disposition": 'inline; filename="statement.pdf"'}
            return Response(content, media_type="application/pdf", headers=headers)
        case kind:
            rows = queries.rows(session, actor, party_id, filters)
            return exports.download(FileKind(kind), StatementRowOut, rows, "statement")
