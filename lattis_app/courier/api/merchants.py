"""Merchants over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.courier.queries import merchants as queries
from lattis_app.courier.schemas.merchants import (
    MerchantChanges,
    MerchantEntry,
    MerchantFilters,
    MerchantOut,
)
from lattis_app.courier.services import merchants
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Merchants")


@routes.get("/merchants", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[MerchantFilters, Query()], request: PageParams
) -> Page[MerchantOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/merchants", merchants.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: MerchantEntry) -> MerchantOut:
    merchant = merchants.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, merchant.id)


@routes.get("/merchants/{merchant_id}", queries.find)
def find(session: Session, actor: Actor, merchant_id: UUID) -> MerchantOut:
    return queries.find(session, actor, merchant_id)


@routes.patch("/merchants/{merchant_id}", merchants.update)
def update(session: Session, actor: Actor, merchant_id: UUID, changes: MerchantChanges) -> MerchantOut:
    merchants.update(session, actor, merchant_id, changes)
    session.flush()
    return queries.find(session, actor, merchant_id)


@routes.delete("/merchants/{merchant_id}", merchants.remove)
def remove(session: Session, actor: Actor, merchant_id: UUID) -> MerchantOut:
    gone = queries.find(session, actor, merchant_id)
    merchants.remove(session, actor, merchant_id)
    return gone
