"""The audit log over REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.audit.queries import entries as queries
from lattis_app.audit.schemas.entries import AuditFilters, AuditOut
from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Audit")


@routes.get("/audit", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[AuditFilters, Query()], request: PageParams
) -> Page[AuditOut]:
    return queries.page(session, actor, filters, request)
