"""The orders of the demo: of products that were on offer by then, each with the history of its steps."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.audit.queries import entries
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.identity import demo as people
from lattis_app.marketplace.demo import orders, shops
from lattis_app.marketplace.models import MarketplaceOrder
from lattis_app.marketplace.queries import orders as queries

O = columns(MarketplaceOrder)  # noqa: E741 — one letter per table
STEPS = {
    "pending": ["created"],
    "shipped": ["created", "status.shipped"],
    "cancelled": ["created", "status.cancelled"],
    "returned": ["created", "status.shipped", "status.returned"],
    "delivered": ["created", "status.shipped", "status.delivered"],
}
HISTORIES = text("""
SELECT status, array_agg(DISTINCT steps) FROM (
    SELECT o.id, o.status, string_agg(a.action, ' ' ORDER BY a.seq) AS steps
    FROM marketplace_orders o LEFT JOIN audit_entries a ON a.entity = 'marketplace_orders' AND a.entity_id = o.id
    GROUP BY o.id) told
GROUP BY status
""")
OUT_OF_TIME = text("""
SELECT count(*) FROM marketplace_orders o
JOIN marketplace_products p ON p.id = o.product_id JOIN marketplace_sellers s ON s.id = o.seller_id
WHERE NOT (s.created_at <= p.created_at AND p.created_at < o.created_at AND o.updated_at <= :now)
""")


@pytest.fixture
def demo(session: Session, clock, monkeypatch) -> Session:
    """A small marketplace that has sold for twelve weeks."""
    monkeypatch.setattr(shops, "SELLERS", 8)
    people.load()
    shops.open_all(session)
    orders.place(session)
    return session


def test_every_order_has_the_history_of_its_steps(demo: Session) -> None:
    found = dict(demo.execute(HISTORIES).all())
    assert found == {status: [" ".join(steps)] for status, steps in STEPS.items()}


def test_nothing_is_ordered_before_it_was_on_offer_or_done_after_today(demo: Session, clock) -> None:
    assert demo.scalar(OUT_OF_TIME, {"now": clock.now()}) == 0


def test_a_history_says_when_each_step_was_taken_and_by_whom(demo: Session) -> None:
    one = demo.scalars(select(O.id).where(O.status == "delivered").order_by(O.order_number)).first()
    assert one is not None
    order = queries.find(demo, SYSTEM, one)
    delivered, shipped, created = entries.history_of(demo, SYSTEM, "marketplace_orders", one)
    assert [created.occurred_at, shipped.occurred_at, delivered.occurred_at] == [
        order.created_at,
        order.created_at + orders.UNTIL_SENT,
        order.delivered_at,
    ]
    assert {(each.actor, each.label) for each in (created, shipped, delivered)} == {
        (order.store_name, order.order_number)
    }
    assert (shipped.before, shipped.after) == ({"status": "pending"}, {"status": "shipped"})
    assert (delivered.before, delivered.after) == ({"status": "shipped"}, {"status": "delivered"})


def test_a_product_says_in_its_history_when_it_was_offered(demo: Session) -> None:
    product_id, offered_at = demo.execute(
        text("SELECT id, created_at FROM marketplace_products ORDER BY name LIMIT 1")
    ).one()
    (created,) = entries.history_of(demo, SYSTEM, "marketplace_products", product_id)
    assert (created.action, created.label, created.occurred_at) == ("created", "Classic pearls", offered_at)
