"""The price of the matching price card, suggested in the forms of orders; whoever types decides."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.rental.queries import bins, bookings, price_cards
from lattis_app.rental.schemas.price_cards import PriceCardOut
from lattis_app.ui import toasts

CHOSEN = """(sheet => ['inventory_bin_id', 'waste_items.0.waste_item_id']
    .map(name => sheet.querySelector(`[name="${name}"]`)?.value || '-').join(' '))(document.getElementById('order-sheet'))"""
"""What the form of an order says about bin and waste: two ids."""
FILL = """(field => {
    if (field && (!field.value || field.value === field.dataset.suggested))
        field.value = field.dataset.suggested = %s;
})(document.getElementById('order-amount'))"""


def for_bin(session: Any, actor: Actor, bin_id: str, waste_item_id: str) -> PriceCardOut | None:
    """The card for a chosen bin and kind of waste, if both are chosen."""
    try:
        size = bins.find(session, actor, UUID(bin_id)).size
        return price_cards.lookup(session, actor, size, UUID(waste_item_id))
    except (ValueError, DomainError):
        return None


def for_booking(session: Any, actor: Actor, booking_id: str, waste_item_id: str) -> PriceCardOut | None:
    """The card for the size that a booking asks for and a kind of waste."""
    try:
        size = bookings.find(session, actor, UUID(booking_id)).requested_bin_size
        return price_cards.lookup(session, actor, size, UUID(waste_item_id))
    except (ValueError, DomainError):
        return None


def suggestion(card: PriceCardOut | None) -> list[Any]:
    """Put the card's price where no other amount was typed, and say what is included."""
    if card is None:
        return []
    price = Money(card.base_price, card.currency)
    said = say(
        "{days} days and {tonnes} t are included",
        days=card.included_days,
        tonnes=f"{card.included_tonnes.normalize():f}",
    )
    heading = say("Price card: {price}", price=price.text())
    return [rx.call_script(FILL % json.dumps(str(price.decimal))), toasts.told(heading, said)]
