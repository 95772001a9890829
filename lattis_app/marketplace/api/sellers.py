"""Sellers, their restriction, and the marketplace's settings over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.exports import FileKind
from lattis_app.core.pagination import Page
from lattis_app.ledger.api.statements import Format, StatementRequest
from lattis_app.ledger.schemas.statements import StatementOut, StatementRowOut
from lattis_app.marketplace.queries import restrictions, settings, statements
from lattis_app.marketplace.queries import sellers as queries
from lattis_app.marketplace.schemas.restrictions import RestrictionOut
from lattis_app.marketplace.schemas.sellers import SellerChanges, SellerEntry, SellerFilters, SellerOut
from lattis_app.marketplace.schemas.settings import SettingsChanges, SettingsOut
from lattis_app.marketplace.services import sellers
from lattis_app.marketplace.services import settings as settings_services
from lattis_app.web import exports
from lattis_app.web.dialects import BARE
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Sellers", "/api", BARE)


@routes.get("/seller/me", queries.me)
def me(session: Session, actor: Actor) -> SellerOut:
    return queries.me(session, actor)


@routes.get("/seller/restrictions", restrictions.mine)
def my_restrictions(session: Session, actor: Actor) -> RestrictionOut:
    return restrictions.mine(session, actor)


@routes.get("/seller/statement", statements.mine, also=(*exports.KINDS, "application/pdf"))
def my_statement(
    session: Session, actor: Actor, filters: Annotated[StatementRequest, Query()]
) -> StatementOut | Response:
    """One's own statement of account, as JSON, CSV, XLSX or PDF."""
    match filters.format:
        case Format.JSON:
            return statements.mine(session, actor, filters)
        case Format.PDF:
            content = statements.mine_as_pdf(session, actor, filters)
            headers = {"Content-Disposition": 'inline; filename="statement.pdf"'}
            return Response(content, media_type="application/pdf", headers=headers)
        case kind:
            rows = statements.rows_of_mine(session, actor, filters)
            return exports.download(FileKind(kind), StatementRowOut, rows, "statement")


@routes.get("/sellers", queries.page, listed_as="sellers")
def page(
    session: Session, actor: Actor, filters: Annotated[SellerFilters, Query()], request: PageParams
) -> Page[SellerOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/sellers", sellers.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: SellerEntry) -> SellerOut:
    seller = sellers.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, seller.id)


@routes.get("/sellers/{seller_id}", queries.find)
def find(session: Session, actor: Actor, seller_id: UUID) -> SellerOut:
    return queries.find(session, actor, seller_id)


@routes.patch("/sellers/{seller_id}", sellers.update)
def update(session: Session, actor: Actor, seller_id: UUID, changes: SellerChanges) -> SellerOut:
    sellers.update(session, actor, seller_id, changes)
    session.flush()
    return queries.find(session, actor, seller_id)


@routes.get("/sellers/{seller_id}/restrictions", restrictions.find)
def restrictions_of(session: Session, actor: Actor, seller_id: UUID) -> RestrictionOut:
    return restrictions.find(session, actor, seller_id)


@routes.get("/marketplace/settings", settings.find)
def find_settings(session: Session, actor: Actor) -> SettingsOut:
    return settings.find(session, actor)


@routes.patch("/marketplace/settings", settings_services.update)
def update_settings(session: Session, actor: Actor, changes: SettingsChanges) -> SettingsOut:
    settings_services.update(session, actor, changes)
    session.flush()
    return settings.find(session, actor)
