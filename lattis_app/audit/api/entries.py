"""The audit log over REST."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from lattis_app.audit.queries import entries as queries
from lattis_app.audit.schemas.entries import AuditFilters, AuditOut
from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Audit")


class ExportFilters(AuditFilters):
    """What to export, and as what."""

    format: Literal["csv"] = "csv"


@routes.get("/audit", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[AuditFilters, Query()], request: PageParams
) -> Page[AuditOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/audit/export", queries.export, content="text/csv")
def export(session: Session, actor: Actor, filters: Annotated[ExportFilters, Query()]) -> Response:
    lines = queries.export(session, actor, filters)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response("\ufeff" + "".join(lines), media_type="text/csv; charset=utf-8", headers=headers)
