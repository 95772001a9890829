"""Weekly invoices and orders as text and parts, the same for the seller and for the office."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from lattis_app.attachments.schemas.attachments import AttachmentOut
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.marketplace.models import MarketplaceOrder
from lattis_app.marketplace.pages import invoice_rows, invoice_views, order_rows, order_views, run_tabs
from lattis_app.marketplace.queries import invoices, orders
from lattis_app.marketplace.schemas.invoices import ClaimEntry
from lattis_app.marketplace.services import invoices as services
from lattis_app.marketplace.statuses import ORDER_LIFECYCLE, OrderStatus
from tests.factories.marketplace import make_delivered, make_order, seller_actor
from tests.marketplace.pages.shops import WEDNESDAY


def shown(session, invoice):
    session.flush()
    return invoices.find(session, SYSTEM, invoice.id)


def order_of(session, number):
    found = select(MarketplaceOrder.id).where(columns(MarketplaceOrder).order_number == number)
    return orders.find(session, SYSTEM, session.scalars(found).one())


def test_a_split_invoice_says_its_parts_and_how_long_there_is_to_pay(session, shop):
    row = invoice_rows.row(shown(session, shop.invoice))
    assert {name: row[name] for name in ("status", "status_tone", "total_amount", "parts", "orders")} == {
        "status": "Pending · due in 4 days",
        "status_tone": "warn",
        "total_amount": "MKD 18,576.08",
        "parts": "MKD 18,450 + EUR 2.05",
        "orders": "2",
    }


def test_a_late_invoice_is_red_until_a_claim_of_payment_is_looked_at(session, late_shop):
    late = invoice_rows.row(shown(session, late_shop.invoice))
    assert (late["status"], late["status_tone"]) == ("Overdue · 3 days", "bad")
    me = seller_actor(session, late_shop.seller)
    services.claim_payment(session, me, late_shop.invoice.id, ClaimEntry(proof="TRX-99"))
    claimed = shown(session, late_shop.invoice)
    row = invoice_rows.row(claimed)
    assert (row["status"], row["status_tone"]) == ("Overdue · in review", "info")
    (claim,) = invoice_rows.claims(claimed)
    assert (claim["status"], claim["tone"], claim["proof"], claim["decided"]) == (
        "Waiting for confirmation",
        "warn",
        "TRX-99",
        "",
    )
    services.reject_claim(session, SYSTEM, late_shop.invoice.id, "Nothing came")
    (claim,) = invoice_rows.claims(shown(session, late_shop.invoice))
    assert (claim["status"], claim["tone"], claim["answer"]) == ("No payment found", "bad", "Nothing came")


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (2, "2 days"), (30, "30 days")])
def test_days_are_counted_as_people_count(days, words):
    assert invoice_rows.late_words(days) == words


def test_each_currency_has_sums_of_its_own_and_each_order_its_way(session, shop):
    found = shown(session, shop.invoice)
    assert invoice_rows.breakdown(found) == [
        {"currency": "MKD", "sales": "123,000", "platform": "12,300", "affiliate": "6,150", "owed": "18,450"},
        {"currency": "EUR", "sales": "20.50", "platform": "2.05", "affiliate": "0.00", "owed": "2.05"},
    ]
    first, second = invoice_rows.items(found, "/marketplace/orders")
    assert first["number_href"] == f"/marketplace/orders?open={found.items[0].order_id}"
    assert (first["affiliate"], first["affiliate_percent"]) == ("MKD 6,150", "5 %")
    assert (second["affiliate"], second["affiliate_percent"], second["owed"]) == ("–", "", "EUR 2.05")
    assert invoice_rows.items(found)[0]["number_href"] == f"/seller/orders?open={found.items[0].order_id}"


def test_a_card_order_owes_the_marketplace_nothing(session, shop):
    make_delivered(session, shop.seller, WEDNESDAY, order_number="CARD-1", payment_type="CARD")
    card = order_rows.facts(order_of(session, "CARD-1"), "/never")
    assert (card["platform_fee"], card["invoice"], card["invoice_href"]) == (
        "",
        "None: the buyer paid by card",
        "",
    )
    cash = order_rows.facts(order_of(session, "ABCD-1"), "/marketplace/invoices")
    assert (cash["platform_fee"], cash["affiliate_fee"], cash["owed"], cash["invoice_href"]) == (
        "MKD 12,300 (10 %)",
        "MKD 6,150 (5 %)",
        "MKD 18,450",
        "/marketplace/invoices",
    )


def test_an_order_on_its_way_has_no_invoice_yet_and_its_phone_is_readable(session, shop):
    make_order(session, shop.seller, order_number="WAY-1", buyer_phone="+38971629762")
    facts = order_rows.facts(order_of(session, "WAY-1"), "")
    assert (facts["invoice"], facts["phone"], facts["phone_href"], facts["settled"]) == (
        "None: not delivered",
        "+389 71 629 762",
        "tel:+38971629762",
        "",
    )


def test_proofs_of_payment_are_downloads_by_day(session):
    file_id = uuid4()
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    kept = AttachmentOut.model_construct(id=file_id, file_name="slip.pdf", created_at=late)
    assert invoice_views.proof_rows([kept]) == [
        {"name": "slip.pdf", "note": "25 Nov 2026", "href": f"/v1/attachments/{file_id}/content"}
    ]


@pytest.mark.parametrize(("here", "marked"), [(run_tabs.NEXT, [True, False]), (run_tabs.LOG, [False, True])])
def test_the_tabs_of_weekly_billing_mark_where_one_is(here, marked):
    drawn = str(run_tabs.run_tabs(here))
    links = re.findall(r'"aria-current":(true|false),[^}]*to:"([^"]+)"', drawn)
    assert links == [
        (str(on).lower(), address) for on, address in zip(marked, (run_tabs.NEXT, run_tabs.LOG), strict=True)
    ]


@pytest.mark.parametrize("status", OrderStatus)
def test_an_order_offers_as_many_steps_as_its_lifecycle_has_ways_on(status):
    offered = order_views.STEPS.get(status, [])
    assert len(offered) == len(set(offered)) == len(ORDER_LIFECYCLE.edges[status])
    assert ORDER_LIFECYCLE.edges[status] <= set(order_views.SAID)
