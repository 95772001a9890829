"""Keeping price cards, and freezing their terms for an order (contract: rental.md, "Records")."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, find
from lattis_app.core.schemas import minor_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalDeliveryOrder, RentalHireTerms, RentalPriceCard, RentalWasteItem
from lattis_app.rental.schemas.price_cards import PriceCardChanges, PriceCardEntry

K = columns(RentalPriceCard)
AMOUNTS = {
    "base_price": "base_price_minor",
    "overrun_per_day": "overrun_per_day_minor",
    "per_extra_tonne": "extra_tonne_minor",
    "failed_trip_fee": "failed_trip_fee_minor",
}
KILOS = 1000


@requires(Permission.RENTAL_PRICE_CARDS_MANAGE)
def create(session: Session, actor: Actor, entry: PriceCardEntry) -> RentalPriceCard:
    """Add a price card. A size and a kind of waste have one: Conflict."""
    find(session, RentalWasteItem, entry.waste_item_id)
    size = entry.bin_size
    card = RentalPriceCard(
        h_ft=size.h_ft,
        l_ft=size.l_ft,
        w_ft=size.w_ft,
        waste_item_id=entry.waste_item_id,
        included_days=entry.included_days,
        included_kg=kilos(entry.included_tonnes),
        base_price_minor=minor_of(entry.base_price),
        overrun_per_day_minor=minor_of(entry.overrun_per_day),
        extra_tonne_minor=minor_of(entry.per_extra_tonne),
        failed_trip_fee_minor=minor_of(entry.failed_trip_fee),
    )
    session.add(card)
    return card


@requires(Permission.RENTAL_PRICE_CARDS_MANAGE)
def update(session: Session, actor: Actor, price_card_id: UUID, changes: PriceCardChanges) -> RentalPriceCard:
    """Change a price card; orders already issued keep its terms as they were."""
    card = find(session, RentalPriceCard, price_card_id, lock=True)
    given = changes.given()
    if "included_tonnes" in given:
        card.included_kg = kilos(given.pop("included_tonnes"))
    for name, value in given.items():
        if name in AMOUNTS:
            setattr(card, AMOUNTS[name], minor_of(value))
        else:
            setattr(card, name, value)
    return card


def freeze_terms(
    session: Session, order: RentalDeliveryOrder, waste_item_ids: Sequence[UUID | None]
) -> RentalHireTerms | None:
    """Keep for an order what the card of its size and its first priced waste allows now; None without a card."""
    wanted = [each for each in waste_item_ids if each is not None]
    if not wanted:
        return None
    cards = select(RentalPriceCard).where(
        K.h_ft == order.h_ft,
        K.l_ft == order.l_ft,
        K.w_ft == order.w_ft,
        K.waste_item_id.in_(wanted),
        K.active,
    )
    known = {card.waste_item_id: card for card in session.scalars(cards)}
    card = next((known[each] for each in wanted if each in known), None)
    if card is None:
        return None
    terms = RentalHireTerms(
        delivery_order_id=order.id,
        price_card_id=card.id,
        included_days=card.included_days,
        overrun_per_day_minor=card.overrun_per_day_minor,
        included_kg=card.included_kg,
        extra_tonne_minor=card.extra_tonne_minor,
        failed_trip_fee_minor=card.failed_trip_fee_minor,
    )
    session.add(terms)
    return terms


def kilos(tonnes: Decimal) -> int:
    """Tonnes with three decimals as whole kilograms."""
    return int(tonnes * KILOS)
