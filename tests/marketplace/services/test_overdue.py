"""Restricting and freeing: who, when, what is remembered, and what history is left."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import columns
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceProduct, MarketplaceSeller
from lattis_app.marketplace.schemas.invoices import PaymentEntry
from lattis_app.marketplace.schemas.products import ProductEntry
from lattis_app.marketplace.services import generation, invoices, overdue, products
from tests.factories.marketplace import make_delivered, make_product, make_seller, seller_actor
from tests.marketplace.conftest import MONDAY, SATURDAY

PAID = PaymentEntry()


def test_a_night_marks_restricts_and_hides_and_leaves_their_history(
    session: Session, seller, overdue_invoice
) -> None:
    asleep = make_product(session, seller, name="Asleep", active=False)
    session.expire_all()
    assert session.get_one(MarketplaceInvoice, overdue_invoice.id).status == "overdue"
    assert session.get_one(MarketplaceSeller, seller.id).restricted_at == SATURDAY
    shown = session.execute(
        select(MarketplaceProduct.name, MarketplaceProduct.active, MarketplaceProduct.hidden_at)
    ).all()
    assert sorted(map(tuple, shown)) == [
        ("Asleep", False, None),
        ("Necklace", False, SATURDAY),
        ("Ring", False, SATURDAY),
    ]
    trail = session.execute(
        select(AuditEntry.action, AuditEntry.entity, AuditEntry.label).where(
            AuditEntry.occurred_at == SATURDAY, AuditEntry.entity_id != asleep.id
        )
    )
    assert sorted(map(tuple, trail)) == [
        ("changed", "marketplace_products", "Necklace"),
        ("changed", "marketplace_products", "Ring"),
        ("changed", "marketplace_sellers", "Ohrid Pearls"),
        ("status.overdue", "marketplace_invoices", "INV-2026-47-ABCD"),
    ]


def test_a_missed_night_is_caught_up_and_other_sellers_are_left_alone(
    session: Session, seller, invoice, clock
) -> None:
    other = make_seller(session)
    make_delivered(session, other, MONDAY)
    clock.advance(days=9)
    generation.generate_due(session, SYSTEM, clock.now())
    assert overdue.mark(session, SYSTEM, clock.now()) == {
        "overdue": 1,
        "restricted": 1,
        "hidden_products": 2,
    }
    session.expire_all()
    assert session.get_one(MarketplaceSeller, other.id).restricted_at is None


def test_a_restriction_lifts_only_with_the_last_overdue_invoice(
    session: Session, seller, invoice, clock
) -> None:
    make_delivered(session, seller, MONDAY)
    clock.advance(days=7)
    generation.generate_due(session, SYSTEM, clock.now())
    clock.advance(days=7)
    overdue.mark(session, SYSTEM, clock.now())
    first, second = session.scalars(select(MarketplaceInvoice.id)).all()
    invoices.mark_paid(session, SYSTEM, first, PAID)
    session.flush()
    assert session.get_one(MarketplaceSeller, seller.id).restricted_at is not None
    invoices.cancel(session, SYSTEM, second, "Agreed")
    session.flush()
    assert session.get_one(MarketplaceSeller, seller.id).restricted_at is None
    names = session.execute(text("SELECT name, count(*) FROM events GROUP BY 1")).all()
    assert dict(map(tuple, names))["seller.unrestricted"] == 1


def test_what_is_offered_meanwhile_is_hidden_too_and_comes_back_with_the_others(
    session: Session, seller, overdue_invoice
) -> None:
    me = seller_actor(session, seller)
    made = products.create(session, me, ProductEntry(name="Brooch", price="10.00"))
    session.flush()
    assert (made.active, made.hidden_at) == (False, SATURDAY)
    invoices.mark_paid(session, SYSTEM, overdue_invoice.id, PAID)
    session.flush()
    assert products.reactivate(session, me) == 3
    session.flush()
    active = select(func.count()).where(columns(MarketplaceProduct).active)
    assert session.scalar(active) == 3
    assert products.reactivate(session, me) == 0
