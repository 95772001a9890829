"""What the command palette finds and offers of the marketplace: the office's pages, or a seller's own."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.queries import search
from lattis_app.ui import palette
from lattis_app.ui.palette import Command, Hit

SHOWN = {
    "seller": ("Sellers", "/marketplace/sellers", "store"),
    "order": ("Sellers' orders", "/marketplace/orders", "shopping-bag"),
    "seller_invoice": ("Seller invoices", "/marketplace/invoices", "receipt-text"),
}
OWN = {
    "order": ("Orders", "/seller/orders", "shopping-bag"),
    "product": ("Products", "/seller/products", "tag"),
    "seller_invoice": ("Invoices", "/seller/invoices/{id}", "receipt-text"),
}
COMMANDS = (
    ("New seller", "/marketplace/sellers?new=yes", Permission.MARKETPLACE_SELLERS_MANAGE),
    ("New order", "/seller/orders?new=yes", Permission.MARKETPLACE_OWN_ORDERS_MANAGE),
    ("New product", "/seller/products?new=yes", Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE),
)


def find(session: Any, actor: Actor, words: str) -> list[Hit]:
    """Marketplace records that fit the words, each with the way to it."""
    is_own = actor.may(Permission.MARKETPLACE_OWN_INVOICES_READ)
    return palette.hits_of(search.find(session, actor, words), OWN if is_own else SHOWN)


palette.search_with(find)
palette.offer(*(Command(label, place, permission=permission) for label, place, permission in COMMANDS))
