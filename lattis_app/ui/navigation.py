"""What the side navigation holds, and who sees which part of it. Data and pure functions only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class NavItem:
    """A place to go. `permission` is what an actor needs to see it.

    `counter` names a live number beside it, `counts` says what that number is of. `at_thumb`: who works on a phone
    has it at the foot of the screen. `for_demo`: a business with real data does without it.
    """

    label: str
    href: str
    icon: str
    permission: str = ""
    counter: str = ""
    counts: str = ""
    at_thumb: bool = False
    for_demo: bool = False


@dataclass(frozen=True)
class NavGroup:
    """Items under one heading; the group without a heading stands first."""

    label: str
    items: tuple[NavItem, ...]
    order: int = 50


_groups: list[NavGroup] = []


def register(*groups: NavGroup) -> None:
    """Add a domain's groups; a group with the same heading as an earlier one extends it."""
    for group in groups:
        if group not in _groups:
            _groups.append(group)


def groups() -> tuple[NavGroup, ...]:
    """All groups in order, those with the same heading as one."""
    merged: dict[str, NavGroup] = {}
    for group in sorted(_groups, key=lambda each: each.order):
        known = merged.get(group.label)
        merged[group.label] = (
            NavGroup(group.label, known.items + group.items, known.order) if known else group
        )
    return tuple(merged.values())


def visible(
    all_groups: Iterable[NavGroup], permissions: Collection[str], *, real: bool = False
) -> tuple[NavGroup, ...]:
    """The groups and items an actor with these permissions sees, `real` if the data are; no group stays empty."""
    kept = []
    for group in all_groups:
        items = tuple(
            item
            for item in group.items
            if (not item.permission or item.permission in permissions) and not (real and item.for_demo)
        )
        if items:
            kept.append(NavGroup(group.label, items, group.order))
    return tuple(kept)


def current(all_groups: Iterable[NavGroup], path: str) -> str:
    """The href of the item a path belongs to: the longest one it starts with."""
    hrefs = [item.href for group in all_groups for item in group.items]
    fitting = [href for href in hrefs if path == href or path.startswith(href.rstrip("/") + "/")]
    return max(fitting, key=len, default="")


RENTAL = (
    NavGroup(
        "",
        (
            NavItem("Dashboard", "/dashboard", "layout-dashboard", "rental:dashboard:read"),
            NavItem(
                "Dispatch",
                "/rental/assignment",
                "route",
                "rental:bookings:assign",
                "rental.unassigned",
                "to assign",
            ),
        ),
        order=0,
    ),
    NavGroup(
        "Operations",
        (
            NavItem("Calendar", "/rental/calendar", "calendar", "rental:bookings:assign"),
            NavItem(
                "Bookings",
                "/rental/bookings",
                "calendar-days",
                "rental:bookings:manage",
                "rental.pending_bookings",
                "to confirm",
            ),
            NavItem(
                "Delivery orders",
                "/rental/delivery-orders",
                "clipboard-list",
                "rental:delivery_orders:manage",
                "rental.orders_to_invoice",
                "to invoice",
            ),
            NavItem(
                "Collection reminders",
                "/rental/collection-reminders",
                "alarm-clock",
                "rental:delivery_orders:manage",
            ),
            NavItem("Bins", "/rental/bins", "container", "rental:bins:read"),
            NavItem("Availability", "/rental/availability", "calendar-check", "rental:bins:read"),
            NavItem(
                "Lorries",
                "/rental/lorries",
                "truck",
                "rental:lorries:read",
                "rental.expiring_documents",
                "papers to renew",
            ),
            NavItem("Rentable lorries", "/rental/rentable-lorries", "handshake", "rental:lorries:read"),
            NavItem("Lorry trips", "/rental/trips", "navigation", "rental:lorries:read"),
            NavItem("Drivers", "/rental/drivers", "id-card", "rental:drivers:read"),
            NavItem("Customers", "/rental/customers", "building-2", "rental:customers:read"),
        ),
        order=10,
    ),
    NavGroup(
        "Money",
        (
            NavItem(
                "Invoices",
                "/rental/invoices",
                "receipt-text",
                "rental:invoices:read",
                "rental.overdue_invoices",
                "overdue",
            ),
            NavItem("Payments", "/rental/payments", "banknote", "rental:payments:read"),
            NavItem(
                "Unbilled charges",
                "/rental/charges",
                "weight",
                "rental:invoices:read",
                "rental.unbilled_charges",
                "to bill",
            ),
            NavItem("Price cards", "/rental/price-cards", "tag", "rental:price_cards:read"),
            NavItem("Waste items", "/rental/waste-items", "layers", "rental:waste_items:manage"),
            NavItem("Expenses", "/rental/expenses", "fuel", "rental:expenses:read"),
            NavItem(
                "Driver cash",
                "/rental/driver-cash",
                "wallet",
                "rental:cash:read",
                "rental.counts_to_sign",
                "to sign",
            ),
            NavItem(
                "Refunds",
                "/rental/refunds",
                "undo-2",
                "rental:refunds:read",
                "rental.refunds_to_decide",
                "to decide",
            ),
            NavItem(
                "Commissions",
                "/rental/commissions",
                "hand-coins",
                "rental:commissions:read",
                "rental.commissions_to_approve",
                "to approve",
            ),
            NavItem("Reports", "/rental/reports", "chart-column", "rental:reports:read"),
        ),
        order=20,
    ),
)

COURIER = (
    NavGroup(
        "",
        (
            NavItem("Home", "/merchant", "house", "courier:own_account:read", at_thumb=True),
            NavItem("Parcels", "/merchant/parcels", "package", "courier:own_account:read", at_thumb=True),
            NavItem(
                "Invoices", "/merchant/invoices", "receipt-text", "courier:own_account:read", at_thumb=True
            ),
            NavItem(
                "Statement", "/merchant/statement", "book-open", "courier:own_account:read", at_thumb=True
            ),
            NavItem("Disputes", "/merchant/disputes", "flag", "courier:own_account:read", at_thumb=True),
        ),
        order=1,
    ),
    NavGroup(
        "Courier",
        (
            NavItem("Parcels", "/courier/parcels", "package", "courier:parcels:manage"),
            NavItem("Settle", "/courier/settle", "hand-coins", "courier:invoices:manage"),
            NavItem(
                "Merchant invoices",
                "/courier/invoices",
                "receipt-text",
                "courier:invoices:manage",
                "courier.invoices_to_pay",
                "to pay",
            ),
            NavItem(
                "Disputes",
                "/courier/disputes",
                "flag",
                "courier:disputes:resolve",
                "courier.disputes_to_answer",
                "to answer",
            ),
            NavItem("Clearances", "/courier/clearances", "scale", "courier:parcels:manage"),
            NavItem("Remittances", "/courier/remittances", "file-check", "courier:remittances:manage"),
            NavItem("Merchants", "/courier/merchants", "store", "courier:merchants:manage"),
            NavItem("Settlement health", "/courier/health", "activity", "courier:metrics:read"),
        ),
        order=30,
    ),
)

SYSTEM = (
    NavGroup(
        "System",
        (
            NavItem("People & roles", "/system/users", "users", "identity:users:read"),
            NavItem("Jobs", "/system/jobs", "timer", "platform:jobs:read", "system.failed_jobs", "failed"),
            NavItem("Demo clock", "/system/clock", "clock", "platform:jobs:manage", for_demo=True),
            NavItem(
                "Outbox",
                "/system/messages",
                "mail",
                "notifications:outbox:manage",
                "notifications.failed_messages",
                "not sent",
            ),
            NavItem(
                "Webhooks",
                "/system/webhooks",
                "zap",
                "platform:webhooks:manage",
                "webhooks.failing",
                "failing",
            ),
            NavItem("Imports", "/imports", "upload", "imports:batches:manage"),
            NavItem("Audit", "/system/audit", "history", "audit:log:read"),
            NavItem("Business profile", "/system/business", "store", "rental:business:manage"),
        ),
        order=90,
    ),
)

DRIVER_TABS = (
    NavItem("My day", "/driver", "truck"),
    NavItem("My cash", "/driver/cash", "wallet", counter="driver.cash"),
    NavItem("History", "/driver/history", "history"),
)

register(*RENTAL, *COURIER, *SYSTEM)
