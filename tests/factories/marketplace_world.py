"""Two sellers with something of every kind, for tests of who sees what."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.services import generation
from tests.factories.marketplace import make_delivered, make_order, make_product, make_seller

SECRETS = ("Ohrid Honey", "OHRID", "Elena", "SECRET-", "Marko Secret", "Secret jar")
"""What only the office and the first seller may see: store, code, contact, order numbers, buyers, hidden products."""


def make_marketplace_world(session: Session) -> dict[str, UUID]:
    """The first seller's records by what paths call them, and `other_id`, the second seller."""
    seller = make_seller(session, storeName="Ohrid Honey", code="OHRID", contactName="Elena Petrova")
    other = make_seller(session, storeName="Bitola Shoes", code="BITOLA")
    a_week_ago = clock.now() - timedelta(days=5)
    for whose, number in ((seller, "SECRET-1"), (other, "OPEN-1")):
        make_delivered(
            session,
            whose,
            a_week_ago,
            order_number=number,
            buyer_name="Marko Secret" if whose is seller else "",
        )
    generation.generate_due(session, SYSTEM, clock.now())
    session.flush()
    owned = columns(MarketplaceInvoice).seller_id == seller.id
    invoice = session.scalars(select(MarketplaceInvoice).where(owned)).one()
    order = make_order(session, seller, order_number="SECRET-2")
    product = make_product(session, seller, name="Secret jar", active=False)
    make_product(session, other, name="Boots")
    return {
        "seller_id": seller.id,
        "invoice_id": invoice.id,
        "order_id": order.id,
        "product_id": product.id,
        "other_id": other.id,
    }
