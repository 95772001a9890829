"""A seller with a week's invoice, as the tests of marketplace's pages meet them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import reflex as rx
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceProduct, MarketplaceSeller
from lattis_app.marketplace.services import generation, overdue
from tests.factories.marketplace import make_delivered, make_product, make_seller
from tests.ui.visits import Events, handlers_of, signed_in

MONDAY = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""Monday 23 November 2026, 00:00 in Skopje."""
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 11, 30, 9, tzinfo=UTC)
"""Three days after the invoice was due."""


@dataclass(frozen=True)
class Shop:
    """The seller, who is signed in, their products, and what they owe for week 2026-47."""

    seller: MarketplaceSeller
    cookie: str
    honey: MarketplaceProduct
    jam: MarketplaceProduct
    invoice: MarketplaceInvoice


def open_shop(session: Session, clock, **seller: str) -> Shop:
    """18,450 denars and 2.00 euros of fees, billed on Monday; honey on offer, jam taken off by the seller."""
    clock.set(MONDAY)
    given = {"code": "ABCD", "storeName": "Ohrid Pearls", "contactName": "Ana", **seller}
    owner = make_seller(session, **given)
    make_delivered(
        session, owner, WEDNESDAY, order_number=f"{owner.code}-1", affiliate="ELENA", price_minor=12_300_000
    )
    make_delivered(
        session, owner, WEDNESDAY, order_number=f"{owner.code}-2", price_minor=2_050, currency="EUR"
    )
    generation.generate_due(session, SYSTEM, MONDAY)
    session.expire_all()
    billed = select(MarketplaceInvoice).where(MarketplaceInvoice.seller_id == owner.id)
    return Shop(
        seller=owner,
        cookie=signed_in(session, Role.SELLER, subject_id=owner.id),
        honey=make_product(session, owner, name="Honey"),
        jam=make_product(session, owner, name="Jam", active=False),
        invoice=session.scalars(billed).one(),
    )


def be_late(session: Session, clock) -> None:
    """Nobody has paid by Monday of the week after."""
    clock.set(MONDAY_AFTER)
    overdue.mark(session, SYSTEM, MONDAY_AFTER)
    session.expire_all()


def forged_events(page: type[rx.State], record_id: str) -> list[Events]:
    """Every event that a browser may send to a page, with arguments of the right types."""
    return [
        (name, {key: _plausible(kind, record_id) for key, kind in kinds.items()})
        for name, kinds in handlers_of(page)
    ]


def _plausible(kind: Any, record_id: str) -> Any:
    return 1 if kind is int else {} if "dict" in str(kind) else record_id
