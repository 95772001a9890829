"""Where each role starts its day."""

from __future__ import annotations

from lattis_app.identity.permissions import Role

LANDING = {
    Role.SUPER_ADMIN: "/system/users",
    Role.ADMIN: "/dashboard",
    Role.DRIVER: "/driver",
    Role.MERCHANT: "/merchant",
    Role.SELLER: "/seller/invoices",
}
ELSEWHERE = "/welcome"


def landing_of(role: str) -> str:
    """The page this role lands on after signing in."""
    return LANDING.get(Role(role), ELSEWHERE)
