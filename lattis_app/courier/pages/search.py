"""What the command palette finds and offers of courier: the office's pages, or a merchant's own."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.courier.queries import search
from lattis_app.identity.permissions import Permission
from lattis_app.ui import palette
from lattis_app.ui.palette import Command, Hit

SHOWN = {
    "merchant": ("Merchants", "/courier/merchants", "store"),
    "parcel": ("Parcels", "/courier/parcels", "package"),
    "merchant_invoice": ("Merchant invoices", "/courier/invoices", "receipt-text"),
}
OWN = {
    "parcel": ("Parcels", "/merchant/parcels", "package"),
    "merchant_invoice": ("Invoices", "/merchant/invoices", "receipt-text"),
}
COMMANDS = (
    ("New merchant", "/courier/merchants?new=yes", Permission.COURIER_MERCHANTS_MANAGE),
    ("New parcel", "/courier/parcels?new=yes", Permission.COURIER_PARCELS_MANAGE),
    ("Settle merchants", "/courier/settle", Permission.COURIER_INVOICES_MANAGE),
)


def find(session: Any, actor: Actor, words: str) -> list[Hit]:
    """Courier records that fit the words, each with the way to it."""
    shown = OWN if actor.may(Permission.COURIER_OWN_ACCOUNT_READ) else SHOWN
    found = [each for each in search.find(session, actor, words) if each.kind in shown]
    return palette.hits_of(found, shown)


palette.search_with(find)
palette.offer(*(Command(label, place, permission=permission) for label, place, permission in COMMANDS))
