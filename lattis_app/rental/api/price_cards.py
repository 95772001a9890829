"""Price cards over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import price_cards as queries
from lattis_app.rental.schemas.price_cards import (
    PriceCardChanges,
    PriceCardEntry,
    PriceCardFilters,
    PriceCardOut,
)
from lattis_app.rental.services import price_cards
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Price cards")


@routes.get("/price-cards", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[PriceCardFilters, Query()], request: PageParams
) -> Page[PriceCardOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/price-cards", price_cards.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: PriceCardEntry) -> PriceCardOut:
    card = price_cards.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, card.id)


@routes.get("/price-cards/{price_card_id}", queries.find)
def find(session: Session, actor: Actor, price_card_id: UUID) -> PriceCardOut:
    return queries.find(session, actor, price_card_id)


@routes.patch("/price-cards/{price_card_id}", price_cards.update)
def update(session: Session, actor: Actor, price_card_id: UUID, changes: PriceCardChanges) -> PriceCardOut:
    price_cards.update(session, actor, price_card_id, changes)
    session.flush()
    return queries.find(session, actor, price_card_id)
