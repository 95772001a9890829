"""What the command palette finds and offers of the rental business."""

from __future__ import annotations

import re
from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import search
from lattis_app.rental.schemas.search import FoundKind, FoundRecord
from lattis_app.ui import moments, palette
from lattis_app.ui.palette import Command, Hit

STORED_PHONE = re.compile(r"\+\d{7,15}")
SHOWN = {
    FoundKind.CUSTOMER: ("Customers", "/rental/customers", "building-2"),
    FoundKind.BOOKING: ("Bookings", "/rental/bookings", "calendar-days"),
    FoundKind.DELIVERY_ORDER: ("Delivery orders", "/rental/delivery-orders", "clipboard-list"),
    FoundKind.INVOICE: ("Invoices", "/rental/invoices", "receipt-text"),
    FoundKind.PAYMENT: ("Payments", "/rental/payments", "banknote"),
    FoundKind.BIN: ("Bins", "/rental/bins", "container"),
    FoundKind.DRIVER: ("Drivers", "/rental/drivers", "id-card"),
    FoundKind.LORRY: ("Lorries", "/rental/lorries", "truck"),
}
COMMANDS = (
    ("New booking", "/rental/bookings", Permission.RENTAL_BOOKINGS_MANAGE),
    ("New delivery order", "/rental/delivery-orders", Permission.RENTAL_DELIVERY_ORDERS_MANAGE),
    ("New customer", "/rental/customers", Permission.RENTAL_CUSTOMERS_MANAGE),
    ("New bin", "/rental/bins", Permission.RENTAL_BINS_MANAGE),
    ("New driver", "/rental/drivers", Permission.RENTAL_DRIVERS_MANAGE),
    ("New lorry", "/rental/lorries", Permission.RENTAL_LORRIES_MANAGE),
)


def about(found: FoundRecord) -> str:
    """A few words to tell the record from others, with its day."""
    day = moments.day(found.day) if found.day else ""
    text = STORED_PHONE.sub(lambda phone: spaced_phone(phone[0]), found.text)
    return " · ".join(part for part in (text, day) if part)


def find(session: Any, actor: Actor, words: str) -> list[Hit]:
    """Rental records that fit the words, each with the way to it."""
    return [
        Hit(
            SHOWN[each.kind][0],
            each.title,
            about(each),
            f"{SHOWN[each.kind][1]}?open={each.id}",
            SHOWN[each.kind][2],
        )
        for each in search.find(session, actor, words)
    ]


palette.search_with(find)
palette.offer(
    *(Command(label, f"{place}?new=yes", permission=permission) for label, place, permission in COMMANDS)
)
