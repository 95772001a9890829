"""Where the marketplace stands in the navigation, and what waits there."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.queries import restrictions, waiting
from lattis_app.ui.frame_facts import register_counter
from lattis_app.ui.navigation import NavGroup, NavItem, register

P = Permission


def payments_to_confirm(session: Any, actor: Actor) -> int:
    """How many sellers' claims of having paid wait for an answer."""
    return waiting.summarise(session, actor).claims


def my_overdue_invoices(session: Any, actor: Actor) -> int:
    """How many invoices of one's own are overdue."""
    return len(restrictions.mine(session, actor).invoices)


register_counter("marketplace.to_confirm", payments_to_confirm, P.MARKETPLACE_INVOICES_MANAGE)
register_counter("marketplace.overdue", my_overdue_invoices, P.MARKETPLACE_OWN_INVOICES_READ)

register(
    NavGroup(
        "",
        (
            NavItem(
                "Invoices",
                "/seller/invoices",
                "receipt-text",
                P.MARKETPLACE_OWN_INVOICES_READ,
                "marketplace.overdue",
                "overdue",
                at_thumb=True,
            ),
            NavItem(
                "Orders", "/seller/orders", "shopping-bag", P.MARKETPLACE_OWN_ORDERS_MANAGE, at_thumb=True
            ),
            NavItem("Products", "/seller/products", "tag", P.MARKETPLACE_OWN_PRODUCTS_MANAGE, at_thumb=True),
            NavItem(
                "Statement", "/seller/statement", "book-open", P.MARKETPLACE_OWN_INVOICES_READ, at_thumb=True
            ),
        ),
        order=1,
    ),
    NavGroup(
        "Marketplace",
        (
            NavItem("Sellers", "/marketplace/sellers", "store", P.MARKETPLACE_SELLERS_READ),
            NavItem("Sellers' orders", "/marketplace/orders", "shopping-bag", P.MARKETPLACE_ORDERS_READ),
            NavItem(
                "Sellers' invoices",
                "/marketplace/invoices",
                "receipt-text",
                P.MARKETPLACE_INVOICES_READ,
                "marketplace.to_confirm",
                "to confirm",
            ),
            NavItem("Weekly billing", "/marketplace/next-run", "calendar-clock", P.MARKETPLACE_INVOICES_READ),
            NavItem("Settings", "/marketplace/settings", "settings-2", P.MARKETPLACE_SETTINGS_MANAGE),
        ),
        order=40,
    ),
)
