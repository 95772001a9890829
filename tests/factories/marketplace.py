"""Marketplace records for tests: each factory's defaults already form a valid record."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import MarketplaceOrder, MarketplaceProduct, MarketplaceSeller
from lattis_app.marketplace.rules.weeks import week_at
from lattis_app.marketplace.schemas.sellers import SellerEntry
from lattis_app.marketplace.schemas.settings import SettingsChanges
from lattis_app.marketplace.services import sellers, settings
from tests.factories.identity import make_actor

_serial = count(1)


def make_seller(session: Session, **overrides: Any) -> MarketplaceSeller:
    """A seller who counts in MKD and pays the usual fees."""
    number = next(_serial)
    given = {"storeName": f"Store {number}", "code": f"S{number:04}", "email": f"seller{number}@example.com"}
    seller = sellers.create(session, SYSTEM, SellerEntry.model_validate(given | overrides))
    session.flush()
    return seller


def seller_actor(session: Session, seller: MarketplaceSeller) -> Actor:
    """Somebody who stands for a seller."""
    return make_actor(session, Role.SELLER, subject_id=seller.id)


def make_product(session: Session, seller: MarketplaceSeller, **overrides: Any) -> MarketplaceProduct:
    """A product on offer for 1,230.00 MKD."""
    values = {"seller_id": seller.id, "name": "Honey", "price_minor": 123_000}
    product = MarketplaceProduct(**(values | overrides))
    session.add(product)
    session.flush()
    return product


def make_order(session: Session, seller: MarketplaceSeller, **overrides: Any) -> MarketplaceOrder:
    """A COD order over 1,230.00 MKD that waits to be sent."""
    values = {
        "seller_id": seller.id,
        "order_number": f"T-{next(_serial):07}",
        "product_name": "Honey",
        "price_minor": 123_000,
    }
    order = MarketplaceOrder(**(values | overrides))
    session.add(order)
    session.flush()
    return order


def make_delivered(
    session: Session, seller: MarketplaceSeller, at: datetime | None = None, **overrides: Any
) -> MarketplaceOrder:
    """A COD order, delivered, by default now, for 10 % and, with an affiliate, 5 %."""
    moment = at or clock.now()
    values = {
        "status": "delivered",
        "created_at": moment - timedelta(days=1),
        "delivered_at": moment,
        "delivered_week": week_at(moment).starts_on,
        "platform_fee_percent": Decimal(10),
        "affiliate_fee_percent": Decimal(5) if overrides.get("affiliate") else None,
    }
    return make_order(session, seller, **(values | overrides))


def set_marketplace(session: Session, **changes: Any) -> None:
    """Decide something for the whole marketplace."""
    settings.update(session, SYSTEM, SettingsChanges.model_validate(changes))
    session.flush()


def ids(rows: list[Any]) -> list[UUID]:
    """The ids of some records."""
    return [row.id for row in rows]
