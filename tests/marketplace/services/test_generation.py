"""The weekly run: what it bills, what it leaves, and that twice is once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceInvoiceItem,
    MarketplaceOrder,
    MarketplaceRun,
)
from lattis_app.marketplace.services import generation
from tests.factories.marketplace import make_delivered, make_order, make_seller, set_marketplace

MONDAY = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""Monday 23 November 2026, 00:00 in Skopje."""
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=UTC)


def invoices(session: Session) -> list[MarketplaceInvoice]:
    session.expire_all()
    return list(session.scalars(select(MarketplaceInvoice).order_by(MarketplaceInvoice.invoice_number)))


def test_monday_bills_the_week_that_has_ended_per_currency(session: Session, clock) -> None:
    clock.set(MONDAY)
    seller = make_seller(session, code="ABCD", storeName="Ohrid Pearls", contactName="Ana")
    make_delivered(session, seller, WEDNESDAY, affiliate="ELENA")
    make_delivered(session, seller, WEDNESDAY, price_minor=2_000, currency="EUR")
    made = generation.generate_due(session, SYSTEM, MONDAY)
    assert (made.weeks, made.invoices, made.orders) == (("2026-47",), 1, 2)
    (invoice,) = invoices(session)
    assert invoice.invoice_number == "INV-2026-47-ABCD"
    assert (invoice.status, invoice.week_starts_on, invoice.due_on) == (
        "pending",
        date(2026, 11, 16),
        date(2026, 11, 27),
    )
    assert (invoice.platform_mkd_minor, invoice.affiliate_mkd_minor) == (12_300, 6_150)
    assert (invoice.platform_eur_minor, invoice.affiliate_eur_minor) == (200, 0)
    assert (invoice.total_minor, invoice.order_count) == (18_450 + 12_300, 2)
    assert (invoice.exchange_rate, invoice.base_currency) == (Decimal("61.5"), "MKD")
    assert invoice.bill_to["name"] == "Ohrid Pearls"
    assert invoice.issuer["name"] == "Lattis Marketplace"


def test_only_unpaid_cod_orders_delivered_in_the_week_are_billed(session: Session, clock) -> None:
    clock.set(MONDAY)
    seller = make_seller(session)
    wanted = [
        make_delivered(session, seller, datetime(2026, 11, 15, 23, 0, tzinfo=UTC)),
        make_delivered(session, seller, datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)),
    ]
    left = [
        make_delivered(session, seller, MONDAY),
        make_delivered(session, seller, WEDNESDAY, payment_type="CARD"),
        make_delivered(session, seller, WEDNESDAY, seller_paid=True),
        make_order(session, seller),
        make_order(session, seller, status="returned"),
    ]
    generation.generate_due(session, SYSTEM, MONDAY)
    (invoice,) = invoices(session)
    billed = session.scalars(select(MarketplaceInvoiceItem.order_id)).all()
    assert set(billed) == {order.id for order in wanted}
    assert {order.invoice_id for order in wanted} == {invoice.id}
    assert {session.get_one(MarketplaceOrder, order.id).invoice_id for order in left} == {None}


def test_without_orders_no_invoice_is_generated(session: Session, clock) -> None:
    clock.set(MONDAY)
    make_seller(session)
    assert generation.generate_due(session, SYSTEM, MONDAY).invoices == 0
    assert invoices(session) == []


def test_a_second_run_changes_nothing(session: Session, clock) -> None:
    clock.set(MONDAY)
    make_delivered(session, make_seller(session), WEDNESDAY)
    generation.generate_due(session, SYSTEM, MONDAY)
    counted = text(
        "SELECT (SELECT count(*) FROM marketplace_invoices), (SELECT count(*) FROM marketplace_invoice_items), "
        "(SELECT count(*) FROM ledger_entries), (SELECT count(*) FROM events), (SELECT count(*) FROM audit_entries), "
        "(SELECT count(*) FROM marketplace_runs), (SELECT max(updated_at) FROM marketplace_orders)"
    )
    before = session.execute(counted).one()
    clock.advance(hours=5)
    assert generation.generate_due(session, SYSTEM, clock.now()).invoices == 0
    assert session.execute(counted).one() == before


def test_missed_weeks_are_caught_up_one_invoice_each_across_new_year_and_a_clock_change(
    session: Session, clock
) -> None:
    seller = make_seller(session, code="ABCD")
    moments = [
        datetime(2026, 10, 24, 12, tzinfo=UTC),
        datetime(2026, 10, 25, 22, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        datetime(2027, 1, 3, 23, 0, tzinfo=UTC),
    ]
    clock.set(datetime(2027, 1, 12, 9, tzinfo=UTC))
    for moment in moments:
        make_delivered(session, seller, moment)
    made = generation.generate_due(session, SYSTEM, clock.now())
    assert made.weeks == ("2026-43", "2026-53", "2027-01")
    assert [(each.invoice_number, each.order_count, each.due_on) for each in invoices(session)] == [
        ("INV-2026-43-ABCD", 2, date(2027, 1, 15)),
        ("INV-2026-53-ABCD", 1, date(2027, 1, 15)),
        ("INV-2027-01-ABCD", 1, date(2027, 1, 15)),
    ]


@pytest.mark.parametrize(("days", "due"), [(3, date(2026, 11, 25)), (4, date(2026, 11, 26))])
def test_the_deadline_is_a_setting(session: Session, clock, days: int, due: date) -> None:
    clock.set(MONDAY)
    set_marketplace(session, paymentDeadlineDays=days)
    make_delivered(session, make_seller(session), WEDNESDAY)
    generation.generate_due(session, SYSTEM, MONDAY)
    assert invoices(session)[0].due_on == due


def test_a_delivery_told_of_after_its_week_was_billed_is_on_the_next_invoice(session: Session, clock) -> None:
    clock.set(MONDAY)
    seller = make_seller(session, code="ABCD")
    make_delivered(session, seller, WEDNESDAY)
    generation.generate_due(session, SYSTEM, MONDAY)
    late = make_delivered(session, seller, WEDNESDAY)
    assert generation.generate_due(session, SYSTEM, MONDAY).invoices == 0
    clock.advance(days=7)
    generation.generate_due(session, SYSTEM, clock.now())
    first, second = invoices(session)
    assert (second.invoice_number, second.order_count) == ("INV-2026-48-ABCD", 1)
    assert session.get_one(MarketplaceOrder, late.id).invoice_id == second.id
    assert first.order_count == 1


def test_a_run_goes_on_in_steps_and_logs_each(session: Session, clock, monkeypatch) -> None:
    clock.set(MONDAY)
    monkeypatch.setattr(generation, "AT_ONCE", 2)
    for _ in range(5):
        make_delivered(session, make_seller(session), WEDNESDAY)
    made = generation.generate_due(session, SYSTEM, MONDAY)
    assert made.invoices == 5
    logged = session.execute(select(func.count(), func.sum(MarketplaceRun.invoices))).one()
    assert tuple(logged) == (3, 5)
