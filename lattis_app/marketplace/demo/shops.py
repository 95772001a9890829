"""The sellers, their products, and the account of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import entries_of, entry_values
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from lattis_app.identity.queries import users as user_queries
from lattis_app.identity.schemas.users import UserFilters, UserOut
from lattis_app.identity.services import users
from lattis_app.marketplace.models import MarketplaceSeller
from lattis_app.marketplace.schemas.sellers import SellerEntry
from lattis_app.marketplace.schemas.settings import SettingsChanges
from lattis_app.marketplace.services import sellers, settings
from lattis_app.marketplace.statuses import Currency

SELLERS, OPEN_FOR = 200, timedelta(weeks=14)
OFFICE = SettingsChanges(
    name="Lattis Marketplace",
    address="Bul. Partizanski odredi 12, 1000 Skopje",
    email="billing@marketplace.example",
    bank_details="Stopanska Banka AD Skopje, account 200-0000123456-78, purpose: the invoice number",
)
ELENA = "seller@lattis.com"
PLACES = (
    "Ohrid",
    "Skopje",
    "Bitola",
    "Prilep",
    "Tetovo",
    "Strumica",
    "Veles",
    "Kumanovo",
    "Struga",
    "Gevgelija",
)
TRADES = ("Pearls", "Books", "Ceramics", "Honey", "Wines", "Leather", "Toys", "Lamps", "Teas", "Prints", "Shoes",
          "Candles", "Spices", "Bikes", "Linen", "Guitars", "Cheese", "Watches", "Garden", "Silver")  # fmt: skip
OWNERS = ("Elena Trajkovska", "Marko Stojanov", "Ana Ilieva", "Petar Nikolov", "Ivana Petrova", "Goran Ristov",
          "Sara Dimova", "Nikola Popov", "Teodora Hristova", "Blerim Ademi")  # fmt: skip
_STOCK = text(f"""
WITH stocked AS (
    INSERT INTO marketplace_products (id, created_at, updated_at, seller_id, name, description, price_minor, currency,
        active)
    SELECT gen_random_uuid(), s.created_at, s.created_at, s.id,
        (ARRAY['Classic', 'Gift set', 'Handmade', 'Mini', 'Limited', 'Everyday', 'Family', 'Festive', 'Travel',
               'Deluxe', 'Starter', 'Studio', 'Garden', 'Winter'])[n] || ' ' || lower(split_part(s.store_name, ' ', 2)),
        '', CASE s.base_currency WHEN 'EUR' THEN 100 * (5 + n * 3) ELSE 100 * (290 + n * 170) END, s.base_currency, true
    FROM marketplace_sellers s, generate_series(1, CASE WHEN s.id = :elena THEN 14 ELSE 5 END) n
    RETURNING id, name AS label, 'created' AS action, NULL::jsonb AS before, jsonb_build_object(
        'name', name, 'price_minor', price_minor, 'currency', currency) AS after
)
{entries_of("stocked", "marketplace_products")}
""")  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Shops:
    """Who sells, in the order of their names here, and who works in the office."""

    sellers: list[MarketplaceSeller]
    office: Actor
    elena: Actor

    @property
    def ids(self) -> list[UUID]:
        """The sellers' ids."""
        return [seller.id for seller in self.sellers]


def open_all(session: Session) -> Shops:
    """Take on the sellers and fill the shelves before anybody orders, and let Elena stand for the first."""
    with clock.freeze(clock.now() - OPEN_FOR):
        settings.update(session, SYSTEM, OFFICE)
        made = [sellers.create(session, SYSTEM, _entry(number)) for number in range(SELLERS)]
        session.flush()
        session.execute(_STOCK, {"elena": made[0].id} | entry_values(session))
    known = {
        each.email: each
        for each in user_queries.page(session, SYSTEM, UserFilters(), PageRequest(1, 100)).rows
    }
    users.stand_for(session, SYSTEM, known[ELENA].id, made[0].id)
    session.flush()
    return Shops(
        made, _actor(known["admin@lattis.com"], Role.ADMIN), _actor(known[ELENA], Role.SELLER, made[0].id)
    )


def _entry(number: int) -> SellerEntry:
    place, trade = PLACES[number % len(PLACES)], TRADES[number // len(PLACES)]
    return SellerEntry(
        store_name=f"{place} {trade}",
        contact_name=OWNERS[(number + number // len(OWNERS)) % len(OWNERS)],
        email=ELENA if number == 0 else f"{place}.{trade}@shops.example".lower(),
        phone=f"+38970{100_000 + number * 37}",
        address=f"Ul. Makedonija {number + 1}, {place}",
        code=f"{place[:2]}{trade[:2]}{number:03}".upper() if number else "OHPE",
        base_currency=Currency.EUR if number % 4 == 3 else Currency.MKD,
        platform_fee_percent="8.50" if number % 10 == 7 else None,
    )


def _actor(user: UserOut, role: Role, subject_id: UUID | None = None) -> Actor:
    permissions = frozenset(map(str, ROLE_PERMISSIONS[role]))
    return Actor(user.id, user.name, role, permissions, subject_id)
