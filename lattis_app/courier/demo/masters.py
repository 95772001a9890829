"""The merchants of the demo; the first one has an account."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import unit_of_work
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.schemas.merchants import MerchantEntry
from lattis_app.courier.services import merchants
from lattis_app.identity.permissions import Role
from lattis_app.identity.queries import users
from lattis_app.identity.schemas.users import UserFilters
from lattis_app.identity.services import users as accounts

GOODS = ("Batik", "Kopi", "Buku", "Kasut", "Gajet", "Madu", "Songket", "Kosmetik", "Mainan", "Tudung")
PLACES = ("Melati", "Cempaka", "Seri Muda", "Bangsar", "Ampang", "Permata")
BANKS = ("Maybank", "CIMB Bank", "Public Bank", "RHB Bank", "Hong Leong Bank", "Bank Islam")
TOWNS = ("41050 Klang", "50450 Kuala Lumpur", "47100 Puchong", "81200 Johor Bahru", "10250 Penang")
MERCHANTS, SINCE = 60, timedelta(days=185)
ACCOUNT = "merchant@lattis.com"


def take_on() -> list[UUID]:
    """Sixty merchants half a year ago, each with a bank account and usual charges."""
    with clock.freeze(clock.now() - SINCE), unit_of_work() as session:
        made = [merchants.create(session, SYSTEM, _entry(number)) for number in range(MERCHANTS)]
        session.flush()
        known = users.page(session, SYSTEM, UserFilters(q=ACCOUNT, role=Role.MERCHANT), PageRequest())
        for user in known.rows:
            accounts.stand_for(session, SYSTEM, user.id, made[0].id)
        return [merchant.id for merchant in made]


def _entry(number: int) -> MerchantEntry:
    goods, place = GOODS[number % len(GOODS)], PLACES[number // len(GOODS)]
    name = f"Kedai {goods} {place}"
    return MerchantEntry(
        name=name,
        code=f"{goods[:3]}{place[:3]}{number + 1:02}".replace(" ", ""),
        contact_name=("Mei Ling Tan", "Farid Hamzah", "Devi Nair", "Amir Zaki")[number % 4],
        phone=f"012-77{10000 + number * 37}",
        email=f"kewangan{number + 1}@kedai.example",
        address=f"{number * 3 + 1} Jalan {place}, {TOWNS[number % len(TOWNS)]}",
        bank_name=BANKS[number % len(BANKS)],
        bank_account_number=f"5140 {1000 + number * 71} {2000 + number * 53}",
        bank_account_holder=f"{name} Enterprise",
        delivery_charge=("8.00", "7.50", "9.00")[number % 3],
        return_charge="4.00",
    )
