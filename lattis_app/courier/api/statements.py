"""Merchants' statements of account over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.exports import FileKind
from lattis_app.courier.queries import statements as queries
from lattis_app.ledger.api.statements import Format, StatementRequest
from lattis_app.ledger.schemas.statements import StatementOut, StatementRowOut
from lattis_app.web import exports
from lattis_app.web.routing import Routes

routes = Routes("Merchants")


@routes.get("/merchants/{merchant_id}/statement", queries.find, also=(*exports.KINDS, "application/pdf"))
def statement(
    session: Session, actor: Actor, merchant_id: UUID, filters: Annotated[StatementRequest, Query()]
) -> StatementOut | Response:
    """A merchant's statement of account, as JSON, CSV, XLSX or PDF; a merchant sees its own."""
    match filters.format:
        case Format.JSON:
            return queries.find(session, actor, merchant_id, filters)
        case Format.PDF:
            content = queries.as_pdf(session, actor, merchant_id, filters)
            headers = {"Content-Disposition": 'inline; filename="statement.pdf"'}
            return Response(content, media_type="application/pdf", headers=headers)
        case kind:
            rows = queries.rows(session, actor, merchant_id, filters)
            return exports.download(FileKind(kind), StatementRowOut, rows, "statement")
