"""What the weekly run writes by SQL is what the rules say, and the books agree with it to the last deni."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.ledger.queries import checks
from lattis_app.ledger.rules import balanced
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceInvoiceItem
from lattis_app.marketplace.queries import restrictions, runs
from lattis_app.marketplace.rules.fees import fees_of, totals_of
from lattis_app.marketplace.rules.postings import invoice_generated
from lattis_app.marketplace.rules.weeks import Week
from lattis_app.marketplace.schemas.invoices import PaymentEntry
from lattis_app.marketplace.schemas.sellers import SellerChanges
from lattis_app.marketplace.services import generation, invoices, overdue, sellers
from tests.factories.marketplace import make_delivered, make_seller, set_marketplace
from tests.marketplace.conftest import MONDAY, WEDNESDAY

NOTE = PaymentEntry()


def books(session: Session) -> dict[tuple[str, str], int]:
    """What each account holds; they agree with the records and with zero."""
    session.flush()
    found = checks.check(session, SYSTEM)
    assert found.status == "balanced"
    return {(each.account, each.currency): each.ledger for each in found.accounts if each.ledger}


def test_the_books_follow_an_invoice_from_generation_to_payment(session: Session, invoice) -> None:
    assert books(session) == {
        ("receivable", "MKD"): 18_450,
        ("platform_fees", "MKD"): -12_300,
        ("affiliate_payable", "MKD"): -6_150,
        ("receivable", "EUR"): 200,
        ("platform_fees", "EUR"): -200,
    }
    invoices.mark_paid(session, SYSTEM, invoice.id, NOTE)
    assert books(session) == {
        ("bank", "MKD"): 18_450,
        ("platform_fees", "MKD"): -12_300,
        ("affiliate_payable", "MKD"): -6_150,
        ("bank", "EUR"): 200,
        ("platform_fees", "EUR"): -200,
    }


def test_a_cancellation_takes_back_what_was_posted_and_a_new_run_posts_it_again(
    session: Session, seller, invoice
) -> None:
    before = books(session)
    invoices.cancel(session, SYSTEM, invoice.id, "Wrong fees")
    assert books(session) == {}
    made = generation.generate_week(session, SYSTEM, Week(invoice.week_starts_on))
    assert (made.invoices, made.orders) == (1, 2)
    assert books(session) == before


def test_a_statement_of_account_shows_the_seller_what_is_due(
    api, me, session: Session, seller, invoice
) -> None:
    found = me.get("/api/seller/statement", params={"currency": "MKD"}).json()
    assert (found["closing"], found["ageing"]["current"]) == (184.5, 184.5)
    assert [line["document"] for line in found["lines"]] == ["INV-2026-47-ABCD"]
    assert me.get("/api/seller/statement", params={"currency": "EUR"}).json()["closing"] == 2.0
    assert me.get("/api/seller/statement", params={"format": "pdf"}).content[:5] == b"%PDF-"
    assert b"184.5" in me.get("/api/seller/statement", params={"format": "csv", "currency": "MKD"}).content
    other = api.as_(Role.SELLER, make_seller(session).id)
    assert other.get("/api/seller/statement").json()["lines"] == []


def test_sql_and_rules_agree_on_a_thousand_orders(session: Session, monday) -> None:
    chance = Random(11)
    set_marketplace(session, exchangeRate="61.4950")
    expected: dict[object, list[Money]] = {}
    for number in range(8):
        seller = make_seller(session, baseCurrency="EUR" if number % 3 == 0 else "MKD")
        owed = []
        for _ in range(125):
            currency = chance.choice(["MKD", "EUR"])
            price = Money(chance.choice([chance.randrange(1, 60), chance.randrange(1, 10**7)]), currency)
            platform = Decimal(chance.randrange(0, 10_001)) / 100
            affiliate = chance.choice([None, Decimal(chance.randrange(0, 10_001)) / 100])
            make_delivered(
                session,
                seller,
                WEDNESDAY,
                price_minor=price.minor,
                currency=currency,
                affiliate="ELENA" if affiliate is not None else None,
                platform_fee_percent=platform,
                affiliate_fee_percent=affiliate,
            )
            owed.append(fees_of(price, platform, affiliate).owed)
        expected[seller.id] = owed
    generation.generate_due(session, SYSTEM, MONDAY)
    found = session.scalars(select(MarketplaceInvoice)).all()
    assert len(found) == 8
    for invoice in found:
        totals = totals_of(expected[invoice.seller_id], invoice.base_currency, invoice.exchange_rate)
        assert invoice.platform_mkd_minor + invoice.affiliate_mkd_minor == totals.mkd.minor
        assert invoice.platform_eur_minor + invoice.affiliate_eur_minor == totals.eur.minor
        assert invoice.total_minor == totals.base.minor
    items = session.scalars(select(MarketplaceInvoiceItem)).all()
    for item in items:
        price = Money(item.price_minor, item.currency)
        fees = fees_of(price, item.platform_fee_percent, item.affiliate_fee_percent)
        assert (item.platform_fee_minor, item.affiliate_fee_minor) == (
            fees.platform.minor,
            fees.affiliate.minor,
        )
    assert len(items) == 1000
    assert books(session)


def test_the_run_posts_what_the_rules_say(session: Session, seller, invoice) -> None:
    posted = session.scalars(select(LedgerEntry).order_by(columns(LedgerEntry).seq)).all()
    wanted = [
        *balanced(invoice_generated(seller.party_id, Money(12_300, "MKD"), Money(6_150, "MKD"))),
        *balanced(invoice_generated(seller.party_id, Money(200, "EUR"), Money(0, "EUR"))),
    ]
    assert sorted(
        (e.account, e.party_id, e.amount_minor, e.currency) for e in posted if e.party_id
    ) == sorted(
        (str(line.account), line.party_id, line.amount.minor, line.amount.currency)
        for line in wanted
        if line.party_id
    )
    assert sorted((e.account, e.amount_minor, e.currency) for e in posted) == sorted(
        (str(line.account), line.amount.minor, line.amount.currency) for line in wanted
    )


def test_fees_of_nothing_make_an_invoice_that_restricts_nobody(session: Session, monday, clock) -> None:
    seller = make_seller(session)
    make_delivered(session, seller, WEDNESDAY, price_minor=4)
    generation.generate_due(session, SYSTEM, MONDAY)
    assert books(session) == {}
    clock.advance(days=6)
    assert overdue.mark(session, SYSTEM, clock.now())["overdue"] == 0


@pytest.mark.parametrize("moment", [datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)])
def test_on_friday_night_nothing_is_overdue_and_a_second_later_it_is(
    session: Session, invoice, clock, moment: datetime
) -> None:
    assert overdue.mark(session, SYSTEM, moment) == {"overdue": 0, "restricted": 0, "hidden_products": 0}
    clock.set(moment)
    clock.advance(seconds=1)
    assert overdue.mark(session, SYSTEM, clock.now()) == {
        "overdue": 1,
        "restricted": 1,
        "hidden_products": 2,
    }
    assert overdue.mark(session, SYSTEM, clock.now())["overdue"] == 0


def test_a_seller_who_counts_in_another_currency_now_is_told_exact_sums_in_that_one(
    session: Session, seller, overdue_invoice, clock
) -> None:
    """184.50 MKD and 2.00 EUR, billed as 307.50 MKD at 61.50: 5.00 EUR for who counts in euros now."""
    sellers.update(session, SYSTEM, seller.id, SellerChanges(base_currency="EUR"))
    session.flush()
    told = restrictions.of_seller(session, seller.id)
    assert (told.base_currency, told.amount_to_clear) == ("EUR", 500)
    assert [each.total_amount for each in told.invoices] == [500]
    assert (told.amount_to_clear_mkd, told.amount_to_clear_eur) == (18_450, 200)
    assert overdue_invoice.total_minor == 30_750

    clock.set(WEDNESDAY + timedelta(days=7))
    set_marketplace(session, exchangeRate="60")
    make_delivered(session, seller, price_minor=10_000, currency="EUR")
    (row,) = runs.preview(session, SYSTEM, "2026-48", PageRequest()).rows
    assert (row.base_currency, row.total_amount) == ("EUR", 1_000)
    assert (row.last_week_total_amount, row.difference) == (500, 500)
