"""Finding kinds of waste."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, case, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalWasteItem
from lattis_app.rental.schemas.waste_items import WasteItemFilters, WasteItemOut

W = columns(RentalWasteItem)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "name": W.name,
    "price": W.price_minor,
    "created_at": W.created_at,
}
SHOWN: Select[Any] = select(
    W.id,
    W.name,
    W.unit,
    W.price_minor.label("price"),
    W.active,
    case((W.active, "active"), else_="inactive").label("status"),
    W.created_at,
    W.updated_at,
)


@requires(Permission.RENTAL_WASTE_ITEMS_READ)
def page(
    session: Session, actor: Actor, filters: WasteItemFilters, request: PageRequest
) -> Page[WasteItemOut]:
    """List kinds of waste by name. Sorts: name, price, created_at."""
    statement = SHOWN
    if filters.active is not None:
        statement = statement.where(W.active == filters.active)
    if filters.q:
        statement = statement.where(W.name.icontains(filters.q, autoescape=True))
    statement = sorted_by(statement, request.sort, SORTS, "name", W.name)
    return paginate(session, statement, request).map(lambda row: WasteItemOut(**row._mapping))


@requires(Permission.RENTAL_WASTE_ITEMS_READ)
def find(session: Session, actor: Actor, waste_item_id: UUID) -> WasteItemOut:
    """One kind of waste, or NotFound."""
    row = session.execute(SHOWN.where(W.id == waste_item_id)).one_or_none()
    if row is None:
        raise NotFound.record("Waste item", waste_item_id)
    return WasteItemOut(**row._mapping)
