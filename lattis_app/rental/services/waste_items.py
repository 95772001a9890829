"""Keeping the kinds of waste and their prices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.schemas import minor_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalWasteItem
from lattis_app.rental.schemas.waste_items import WasteItemChanges, WasteItemEntry


@requires(Permission.RENTAL_WASTE_ITEMS_MANAGE)
def create(session: Session, actor: Actor, entry: WasteItemEntry) -> RentalWasteItem:
    """Add a kind of waste. The name is unique: Conflict."""
    item = RentalWasteItem(name=entry.name, unit=entry.unit, price_minor=minor_of(entry.price))
    session.add(item)
    return item


@requires(Permission.RENTAL_WASTE_ITEMS_MANAGE)
def update(session: Session, actor: Actor, waste_item_id: UUID, changes: WasteItemChanges) -> RentalWasteItem:
    """Change a kind of waste; orders already made keep their price."""
    item = find(session, RentalWasteItem, waste_item_id, lock=True, kind="Waste item")
    given = changes.given()
    if "price" in given:
        item.price_minor = minor_of(given.pop("price"))
    for name, value in given.items():
        setattr(item, name, value)
    return item
