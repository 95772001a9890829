"""One demo account per role; all with the same password, which production refuses."""

from __future__ import annotations

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import unit_of_work
from lattis_app.identity.permissions import Role
from lattis_app.identity.schemas.users import UserEntry
from lattis_app.identity.services import users

PASSWORD = "lattis-demo"  # noqa: S105 — public by design
ACCOUNTS = (
    ("Suria Hashim", "super@lattis.com", Role.SUPER_ADMIN),
    ("Nurul Aina", "admin@lattis.com", Role.ADMIN),
    ("Mei Ling Tan", "merchant@lattis.com", Role.MERCHANT),
    ("Arjun Pillai", "rep@lattis.com", Role.SALES_REP),
    ("Farah Idris", "sales@lattis.com", Role.SALES_MANAGER),
    ("Elena Trajkovska", "seller@lattis.com", Role.SELLER),
    ("Goh Wei Han", "owner@lattis.com", Role.RETAIL_OWNER),
    ("Priya Nair", "manager@lattis.com", Role.MANAGER),
    ("Hafiz Omar", "cashier@lattis.com", Role.CASHIER),
    ("Lina Chong", "viewer@lattis.com", Role.VIEWER),
)


def load() -> None:
    """Make the accounts."""
    with unit_of_work() as session:
        for name, email, role in ACCOUNTS:
            users.create(session, SYSTEM, UserEntry(name=name, email=email, role=role, password=PASSWORD))
