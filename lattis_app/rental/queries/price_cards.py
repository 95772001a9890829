"""Finding price cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, Select, SQLColumnExpression, case, literal, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalPriceCard, RentalWasteItem
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.schemas.price_cards import PriceCardFilters, PriceCardOut

K, W = columns(RentalPriceCard), columns(RentalWasteItem)
SIZE = ("h_ft", "l_ft", "w_ft")
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "size": K.h_ft,
    "waste": W.name,
    "base_price": K.base_price_minor,
    "created_at": K.created_at,
}
TIES = (K.h_ft, K.l_ft, K.w_ft, W.name, K.id)
SHOWN: Select[Any] = select(
    K.id,
    K.h_ft,
    K.l_ft,
    K.w_ft,
    K.waste_item_id,
    W.name.label("waste_item_name"),
    K.base_price_minor.label("base_price"),
    K.included_days,
    K.overrun_per_day_minor.label("overrun_per_day"),
    (K.included_kg.cast(Numeric) / 1000).label("included_tonnes"),
    K.extra_tonne_minor.label("per_extra_tonne"),
    K.failed_trip_fee_minor.label("failed_trip_fee"),
    literal(DEFAULT_CURRENCY).label("currency"),
    K.active,
    case((K.active, "active"), else_="inactive").label("status"),
    K.created_at,
    K.updated_at,
).join_from(RentalPriceCard, RentalWasteItem)


@requires(Permission.RENTAL_PRICE_CARDS_READ)
def page(
    session: Session, actor: Actor, filters: PriceCardFilters, request: PageRequest
) -> Page[PriceCardOut]:
    """List price cards by size and waste. Sorts: size, waste, base_price, created_at."""
    statement = sorted_by(_filtered(SHOWN, filters), request.sort, SORTS, "size", *TIES)
    return paginate(session, statement, request).map(lambda row: _out(row._mapping))


@requires(Permission.RENTAL_PRICE_CARDS_READ)
def find(session: Session, actor: Actor, price_card_id: UUID) -> PriceCardOut:
    """One price card, or NotFound."""
    row = session.execute(SHOWN.where(K.id == price_card_id)).one_or_none()
    if row is None:
        raise NotFound.record("Price card", price_card_id)
    return _out(row._mapping)


@requires(Permission.RENTAL_PRICE_CARDS_READ)
def lookup(session: Session, actor: Actor, size: BinSize, waste_item_id: UUID) -> PriceCardOut | None:
    """The card in force for a size and a kind of waste; None when there is none."""
    filters = PriceCardFilters(**size.model_dump(), waste_item_id=waste_item_id, active=True)
    row = session.execute(_filtered(SHOWN, filters)).one_or_none()
    return None if row is None else _out(row._mapping)


def _out(values: Mapping[Any, Any]) -> PriceCardOut:
    size = BinSize(**{name: values[name] for name in SIZE})
    return PriceCardOut(**{name: value for name, value in values.items() if name not in SIZE}, bin_size=size)


def _filtered(statement: Select[Any], filters: PriceCardFilters) -> Select[Any]:
    for name in (*SIZE, "waste_item_id", "active"):
        if (wanted := getattr(filters, name)) is not None:
            statement = statement.where(K[name] == wanted)
    if filters.q:
        statement = statement.where(W.name.icontains(filters.q, autoescape=True))
    return statement
