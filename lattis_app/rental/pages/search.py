"""What the command palette finds and offers of the rental business."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import search
from lattis_app.ui import palette
from lattis_app.ui.palette import Command, Hit

SHOWN = {
    "customer": ("Customers", "/rental/customers", "building-2"),
    "booking": ("Bookings", "/rental/bookings", "calendar-days"),
    "delivery_order": ("Delivery orders", "/rental/delivery-orders", "clipboard-list"),
    "invoice": ("Invoices", "/rental/invoices", "receipt-text"),
    "payment": ("Payments", "/rental/payments", "banknote"),
    "bin": ("Bins", "/rental/bins", "container"),
    "driver": ("Drivers", "/rental/drivers", "id-card"),
    "lorry": ("Lorries", "/rental/lorries", "truck"),
}
COMMANDS = (
    ("New booking", "/rental/bookings", Permission.RENTAL_BOOKINGS_MANAGE),
    ("New delivery order", "/rental/delivery-orders", Permission.RENTAL_DELIVERY_ORDERS_MANAGE),
    ("New customer", "/rental/customers", Permission.RENTAL_CUSTOMERS_MANAGE),
    ("New bin", "/rental/bins", Permission.RENTAL_BINS_MANAGE),
    ("New driver", "/rental/drivers", Permission.RENTAL_DRIVERS_MANAGE),
    ("New lorry", "/rental/lorries", Permission.RENTAL_LORRIES_MANAGE),
)


def find(session: Any, actor: Actor, words: str) -> list[Hit]:
    """Rental records that fit the words, each with the way to it."""
    return palette.hits_of(search.find(session, actor, words), SHOWN)


palette.search_with(find)
palette.offer(
    *(Command(label, f"{place}?new=yes", permission=permission) for label, place, permission in COMMANDS)
)
