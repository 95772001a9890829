"""Whatever sellers and the office do in whatever order, every delivery is billed once and the books agree."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock as lattis_clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import DomainError
from lattis_app.ledger.queries import checks
from lattis_app.marketplace.queries import restrictions
from lattis_app.marketplace.rules.weeks import week_at
from lattis_app.marketplace.schemas.invoices import ClaimEntry, PaymentEntry
from lattis_app.marketplace.schemas.orders import OrderEntry, StepEntry
from lattis_app.marketplace.schemas.sellers import SellerChanges
from lattis_app.marketplace.schemas.settings import SettingsChanges
from lattis_app.marketplace.services import generation, invoices, orders, overdue, products, sellers, settings
from tests.factories.marketplace import make_product, make_seller, seller_actor
from tests.marketplace.conftest import MONDAY

STEPS, LATEST = 150, 8
WRONG = {
    "an invoice is not the sum of its orders": """
        SELECT invoice_number FROM marketplace_invoices i JOIN LATERAL (
            SELECT count(*) AS orders,
                coalesce(sum(platform_fee_minor) FILTER (WHERE currency = 'MKD'), 0) AS platform_mkd,
                coalesce(sum(platform_fee_minor) FILTER (WHERE currency = 'EUR'), 0) AS platform_eur,
                coalesce(sum(affiliate_fee_minor) FILTER (WHERE currency = 'MKD'), 0) AS affiliate_mkd,
                coalesce(sum(affiliate_fee_minor) FILTER (WHERE currency = 'EUR'), 0) AS affiliate_eur
            FROM marketplace_invoice_items l WHERE l.invoice_id = i.id) sums ON true
        WHERE (i.order_count, platform_mkd_minor, platform_eur_minor, affiliate_mkd_minor, affiliate_eur_minor)
            <> (sums.orders, platform_mkd, platform_eur, affiliate_mkd, affiliate_eur)""",
    "a total is not both currencies at the frozen rate": """
        SELECT invoice_number FROM (SELECT i.*, platform_mkd_minor + affiliate_mkd_minor AS mkd,
            platform_eur_minor + affiliate_eur_minor AS eur FROM marketplace_invoices i) i
        WHERE total_minor <> CASE base_currency WHEN 'MKD' THEN mkd + round(eur * exchange_rate)
            ELSE eur + round(mkd / exchange_rate) END""",
    "a fee is not the percentage of its price": """
        SELECT order_number FROM marketplace_invoice_items
        WHERE platform_fee_minor <> round(price_minor * platform_fee_percent / 100)
            OR affiliate_fee_minor <> coalesce(round(price_minor * affiliate_fee_percent / 100), 0)""",
    "an order stands on two live invoices, or on another than it says": """
        SELECT o.order_number FROM marketplace_orders o WHERE o.invoice_id IS DISTINCT FROM (
            SELECT CASE WHEN count(*) < 2 THEN max(i.id::text)::uuid END FROM marketplace_invoice_items l
            JOIN marketplace_invoices i ON i.id = l.invoice_id AND i.status <> 'cancelled' WHERE l.order_id = o.id)""",
    "an order is settled whose invoice is not paid, or the other way round": """
        SELECT o.order_number FROM marketplace_orders o LEFT JOIN marketplace_invoices i ON i.id = o.invoice_id
        WHERE o.seller_paid <> coalesce(i.status = 'paid', false)""",
    "a seller is restricted without an overdue invoice, or the other way round": """
        SELECT code FROM marketplace_sellers s WHERE (restricted_at IS NOT NULL) <> EXISTS (
            SELECT FROM marketplace_invoices i WHERE i.seller_id = s.id AND i.status = 'overdue')""",
    "a product of a restricted seller is on offer": """
        SELECT p.name FROM marketplace_products p JOIN marketplace_sellers s ON s.id = p.seller_id
        WHERE p.active AND s.restricted_at IS NOT NULL""",
    "a claim is open on what is settled": """
        SELECT i.invoice_number FROM marketplace_payment_claims c JOIN marketplace_invoices i ON i.id = c.invoice_id
        WHERE c.status = 'claimed' AND i.status IN ('paid', 'cancelled')""",
}


class Walk:
    """Two sellers, and what may happen to them."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance = session, random.Random(seed)
        made = [make_seller(session, baseCurrency=currency) for currency in ("MKD", "EUR")]
        for seller in made:
            make_product(session, seller)
        self.people = {seller.id: seller_actor(session, seller) for seller in made}
        self.done = dict.fromkeys(self.ways(), 0)

    def ways(self) -> dict[str, Callable[[], object]]:
        return {
            "order": self.order,
            "deliver": self.deliver,
            "run": lambda: generation.generate_due(self.session, SYSTEM, lattis_clock.now()),
            "run again": lambda: generation.generate_week(
                self.session,
                SYSTEM,
                week_at(lattis_clock.now() - timedelta(days=self.chance.choice([7, 14]))),
            ),
            "night": lambda: overdue.mark(self.session, SYSTEM, lattis_clock.now()),
            "days": lambda: None,
            "pay": lambda: invoices.mark_paid(*self.on("invoices"), PaymentEntry()),
            "pay own": lambda: invoices.mark_mine_paid(*self.by_its_seller("invoices"), PaymentEntry()),
            "claim": lambda: invoices.claim_payment(
                *self.by_its_seller("invoices"), ClaimEntry(proof="TXN-1")
            ),
            "reject": lambda: invoices.reject_claim(*self.on("invoices"), "Nothing came"),
            "cancel": lambda: invoices.cancel(*self.on("invoices"), "Wrong fees"),
            "reactivate": lambda: products.reactivate(self.session, self.somebody()),
            "show": lambda: products.activate(*self.by_its_seller("products")),
            "hide": lambda: products.deactivate(*self.by_its_seller("products")),
            "seller": lambda: sellers.update(
                *self.on("sellers"),
                SellerChanges(
                    baseCurrency=self.chance.choice(["MKD", "EUR"]),
                    platformFeePercent=self.chance.choice([None, 0, "0.01", "33.33", 100]),
                ),
            ),
            "settings": lambda: settings.update(
                self.session,
                SYSTEM,
                SettingsChanges(
                    exchangeRate=self.chance.choice(["61.5", "61.6949", "0.0001", "99999.9999"]),
                    paymentDeadlineDays=self.chance.choice([3, 4, 5]),
                    sellerMarkPaid=self.chance.choice(["trusted", "verify"]),
                    affiliateFeePercent=self.chance.choice([0, "7.77", 100]),
                ),
            ),
        }

    def order(self) -> object:
        price = self.chance.choice(["0.01", "0.05", "19.99", "1230", "100000000"])
        currency, affiliate = self.chance.choice(["MKD", "EUR"]), self.chance.choice([None, "ELENA"])
        entry = OrderEntry(productName="Ring", price=price, currency=currency, affiliate=affiliate)
        return orders.create(self.session, self.somebody(), entry)

    def deliver(self) -> object:
        back = timedelta(days=self.chance.choice([0, 0, 0, 3, 8]))
        return orders.step(
            *self.on("orders"), StepEntry(status="delivered", deliveredAt=lattis_clock.now() - back)
        )

    def somebody(self) -> object:
        return self.chance.choice(list(self.people.values()))

    def on(self, kind: str) -> tuple[Session, object, object]:
        known = list(self.session.scalars(text(f"SELECT id FROM marketplace_{kind} ORDER BY created_at, id")))
        return self.session, SYSTEM, self.chance.choice(known[-LATEST:] or list(self.people))

    def by_its_seller(self, kind: str) -> tuple[Session, object, object]:
        session, _, record_id = self.on(kind)
        owner = session.scalar(
            text(f"SELECT seller_id FROM marketplace_{kind} WHERE id = :id"), {"id": record_id}
        )
        return session, self.people.get(owner) or self.somebody(), record_id

    def step(self) -> None:
        ways = self.ways()
        name = self.chance.choice([*sorted(ways), *["order", "deliver"] * 4])
        self.session.flush()
        try:
            with self.session.begin_nested():
                ways[name]()
                self.session.flush()
            self.done[name] += 1
        except DomainError:
            pass
        self.session.expire_all()

    def wrong(self) -> dict[str, object]:
        found = {what: self.session.execute(text(statement)).all() for what, statement in WRONG.items()}
        return {what: rows for what, rows in found.items() if rows}


@pytest.mark.parametrize("seed", range(3))
def test_every_delivery_is_billed_once_and_the_books_agree(session, clock, seed) -> None:
    clock.set(MONDAY)
    walk = Walk(session, seed)
    for number in range(STEPS):
        clock.advance(hours=walk.chance.choice([1, 5, 30]))
        walk.step()
        assert walk.wrong() == {}, number
    assert checks.check(session, SYSTEM).status == "balanced"
    for seller_id in walk.people:
        told = restrictions.of_seller(session, seller_id)
        assert told.amount_to_clear == sum(each.total_amount for each in told.invoices)
    assert sum(1 for times in walk.done.values() if times) >= 12, walk.done
