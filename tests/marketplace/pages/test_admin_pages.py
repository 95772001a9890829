"""The administrator's pages of the marketplace: sellers, invoices, weekly billing, settings (seed 003)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceOrder,
    MarketplacePaymentClaim,
    MarketplaceSeller,
    MarketplaceSettings,
)
from lattis_app.marketplace.pages import needs
from lattis_app.marketplace.pages.invoices import SellersInvoices
from lattis_app.marketplace.pages.next_run import NextRun
from lattis_app.marketplace.pages.orders import SellersOrders
from lattis_app.marketplace.pages.places import my_overdue_invoices, payments_to_confirm
from lattis_app.marketplace.pages.run_log import RunLog
from lattis_app.marketplace.pages.seller_invoice import SellerInvoice
from lattis_app.marketplace.pages.sellers import Sellers
from lattis_app.marketplace.pages.settings import MarketplaceSettingsForm
from lattis_app.marketplace.services import invoices
from tests.factories.marketplace import make_delivered, make_order, seller_actor, set_marketplace
from tests.marketplace.pages.shops import MONDAY, WEDNESDAY, forged_events, open_shop
from tests.ui.visits import everything, signed_in, visit

PAGES = (Sellers, SellersInvoices, SellersOrders, NextRun, RunLog, MarketplaceSettingsForm)


@pytest.fixture
def admin(session):
    return signed_in(session)


def opened(record):
    return ("open_record", {"record_id": str(record.id)})


def claim(session, shop):
    set_marketplace(session, seller_mark_paid="verify")
    address = f"/seller/invoices/{shop.invoice.id}"
    visit(SellerInvoice, shop.cookie, ("claim", {"form": {"proof": "TRX-99"}}), address=address)
    session.expire_all()


# ---- invoices --------------------------------------------------------------------------------------------


def test_scenario_12_and_4_an_admin_sees_any_sellers_invoice_and_marks_it_paid(session, late_shop, admin):
    """Scenario 12 "Admin Invoice Access", 4 "Mark Invoice as Paid (Admin)"; checklist: admin views, admin mark paid."""
    form = ("pay", {"form": {"paymentNotes": "Bank statement 12"}})
    before = visit(SellersInvoices, admin, opened(late_shop.invoice))
    assert (before["record"]["store"], before["record"]["restricted"]) == ("Ohrid Pearls", "Restricted")
    assert before["allowed"] == ["pay", "cancel"]
    seen = visit(SellersInvoices, admin, opened(late_shop.invoice), ("begin_payment", {}), form)
    session.expire_all()
    assert (late_shop.invoice.status, late_shop.invoice.payment_notes) == ("paid", "Bank statement 12")
    assert late_shop.seller.restricted_at is None
    assert (seen["record"]["status"], seen["record"]["restricted"], seen["allowed"]) == (
        "Paid",
        "Free to sell",
        [],
    )
    assert "INV-2026-47-ABCD is paid" in seen.said


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?q=INV-2026-47-E", ["INV-2026-47-ELSE"]),
        ("?q=pearls", ["INV-2026-47-ABCD"]),
        ("?q=Ana", ["INV-2026-47-ABCD"]),
        ("?q=%27%3B+drop", []),
        ("?status=paid", []),
        ("?status=pending&sort=total_amount", ["INV-2026-47-ABCD", "INV-2026-47-ELSE"]),
    ],
)
def test_invoices_are_found_by_number_seller_and_status(session, shop, clock, admin, query, numbers):
    other = open_shop(session, clock, code="ELSE", storeName="Elsewhere", contactName="Bo")
    assert other.invoice.total_minor == shop.invoice.total_minor
    rows = visit(SellersInvoices, admin, address=f"/marketplace/invoices{query}")["rows"]
    assert [row["invoice_number"] for row in rows] == numbers


def test_a_seller_of_the_address_narrows_and_is_named(session, shop, admin):
    found = visit(SellersInvoices, admin, address=f"/marketplace/invoices?sellerId={shop.seller.id}")
    nobody = visit(SellersInvoices, admin, address=f"/marketplace/invoices?sellerId={uuid4()}")
    assert ([chip["text"] for chip in found["chips"]], found["total"], nobody["total"]) == (
        ["Ohrid Pearls"],
        1,
        0,
    )


def test_a_claim_is_confirmed(session, shop, admin):
    claim(session, shop)
    assert payments_to_confirm(session, SYSTEM) == 1
    seen = visit(SellersInvoices, admin, opened(shop.invoice), address="/marketplace/invoices?claimed=true")
    assert (seen["total"], seen["allowed"]) == (1, ["confirm", "reject", "cancel"])
    assert [(each["proof"], each["status"]) for each in seen["claims"]] == [
        ("TRX-99", "Waiting for confirmation")
    ]
    paid = visit(SellersInvoices, admin, opened(shop.invoice), ("pay", {"form": {"paymentNotes": ""}}))
    session.expire_all()
    assert (shop.invoice.status, shop.invoice.payment_notes) == ("paid", "TRX-99")
    assert paid["claims"][0]["status"] == "Confirmed"
    assert payments_to_confirm(session, SYSTEM) == 0


def test_a_claim_is_rejected_with_a_reason_the_seller_reads(session, shop, admin):
    claim(session, shop)
    seen = visit(
        SellersInvoices, admin, opened(shop.invoice), ("reject", {"form": {"reason": "Nothing came in"}})
    )
    assert seen["allowed"] == ["pay", "cancel"]
    shown = visit(SellerInvoice, shop.cookie, address=f"/seller/invoices/{shop.invoice.id}")
    assert [(each["status"], each["answer"]) for each in shown["claims"]] == [
        ("No payment found", "Nothing came in")
    ]
    assert shown["is_open"] is True


@pytest.mark.parametrize("step", ["reject", "cancel"])
def test_without_a_reason_nothing_happens(session, shop, admin, step):
    claim(session, shop)
    before = everything(session)
    seen = visit(SellersInvoices, admin, opened(shop.invoice), (step, {"form": {"reason": " "}}))
    assert "Say why" in seen.said
    assert everything(session) == before


def test_a_cancelled_invoice_is_issued_again_under_its_own_number(session, shop, admin):
    cancelled = visit(
        SellersInvoices, admin, opened(shop.invoice), ("cancel", {"form": {"reason": "Wrong fee"}})
    )
    assert (cancelled["record"]["status"], cancelled["allowed"]) == ("Cancelled", ["reissue"])
    assert cancelled["record"]["cancel_reason"] == "Wrong fee"
    again = visit(SellersInvoices, admin, opened(shop.invoice), ("reissue", {}))
    assert "Issued again" in again.said
    assert sorted(row["invoice_number"] for row in again["rows"]) == [
        "INV-2026-47-ABCD",
        "INV-2026-47-ABCD-R2",
    ]
    twice = visit(SellersInvoices, admin, opened(shop.invoice), ("reissue", {}))
    assert "Nothing to issue again" in twice.said
    assert session.scalar(select(func.count()).select_from(MarketplaceInvoice)) == 2


# ---- sellers ---------------------------------------------------------------------------------------------


def test_sellers_show_who_is_restricted_and_what_clears_it(session, late_shop, admin):
    """Seed 003, "Admin Invoice View": payment restriction status indicator."""
    seen = visit(Sellers, admin, opened(late_shop.seller), address="/marketplace/sellers?restricted=true")
    (row,) = seen["rows"]
    assert (row["status"], row["open"], row["mkd"], row["eur"]) == ("Restricted", "1", "18,450", "2.05")
    record = seen["record"]
    assert (record["to_clear"], record["hidden"], record["contact"]) == ("MKD 18,450 + EUR 2.05", "1", "Ana")
    assert [(each["number"], each["late"]) for each in seen["overdue"]] == [
        ("INV-2026-47-ABCD", "3 days overdue")
    ]


def test_a_seller_is_taken_on_and_changed(session, clock, admin):
    form = {"storeName": "Vardar Honey", "baseCurrency": "EUR", "platformFeePercent": "7.5"}
    visit(Sellers, admin, ("begin", {}), ("save", {"form": form}))
    made = session.scalars(select(MarketplaceSeller)).one()
    assert (made.code, made.base_currency, str(made.platform_fee_percent)) == ("VARD", "EUR", "7.50")
    seen = visit(Sellers, admin, opened(made), ("edit", {}))
    assert (seen["values"]["platformFeePercent"], seen["editing"]) == ("7.5", str(made.id))
    changed = dict(seen["values"]) | {"platformFeePercent": "", "storeName": "Vardar Gold"}
    visit(Sellers, admin, opened(made), ("edit", {}), ("save", {"form": changed}))
    session.refresh(made)
    assert (made.store_name, made.platform_fee_percent) == ("Vardar Gold", None)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"storeName": ""}, "storeName"),
        ({"code": "A-B"}, "code"),
        ({"platformFeePercent": "101"}, "platformFeePercent"),
    ],
)
def test_a_bad_seller_is_refused_beside_its_field(session, clock, admin, typed, field):
    before = everything(session)
    seen = visit(Sellers, admin, ("begin", {}), ("save", {"form": {"storeName": "Shop", **typed}}))
    assert list(seen["errors"]) == [field]
    assert everything(session) == before


# ---- weekly billing --------------------------------------------------------------------------------------


def test_next_mondays_run_is_shown_with_the_difference_to_the_week_before(session, shop, clock, admin):
    make_delivered(session, shop.seller, MONDAY + timedelta(days=1), price_minor=1_000_000)
    clock.set(MONDAY + timedelta(days=2))
    seen = visit(NextRun, admin)
    assert seen["summary"] == {
        "week": "2026-48",
        "span": "23 – 29 Nov 2026",
        "when": "Runs on Monday 30 November at 00:00",
        "is_over": "",
        "invoices": "1",
        "orders": "1",
        "mkd": "1,000",
        "eur": "0.00",
        "any": "true",
    }
    (row,) = seen["rows"]
    assert (row["number"], row["total_amount"], row["last_week"], row["difference"]) == (
        "INV-2026-48-ABCD",
        "MKD 1,000",
        "MKD 18,576.08",
        "−MKD 17,576.08",
    )


def test_a_past_week_is_looked_at_and_billed_once(session, shop, admin):
    make_delivered(session, shop.seller, WEDNESDAY - timedelta(days=7))
    seen = visit(NextRun, admin, ("look_at", {"form": {"week": "2026-11-12"}}))
    assert (seen["summary"]["week"], seen["summary"]["is_over"], seen["summary"]["invoices"]) == (
        "2026-46",
        "true",
        "1",
    )
    billed = visit(NextRun, admin, ("generate", {"form": {}}), address="/marketplace/next-run?week=2026-46")
    assert "1 invoice made for week 2026-46" in billed.said
    twice = visit(NextRun, admin, ("generate", {"form": {}}), address="/marketplace/next-run?week=2026-46")
    assert "Nothing was left to bill" in twice.said
    assert {row["week"] for row in visit(RunLog, admin)["rows"]} == {"2026-46", "2026-47"}


def test_the_week_under_way_is_not_billed_by_hand(session, shop, admin):
    before = everything(session)
    assert "is not over yet" in visit(NextRun, admin, ("generate", {"form": {}})).said
    assert everything(session) == before


@pytest.mark.parametrize("typed", ["", "2026-99", "'; drop", "yesterday"])
def test_a_day_that_is_none_is_refused(session, shop, admin, typed):
    assert list(visit(NextRun, admin, ("look_at", {"form": {"week": typed}}))["errors"]) == ["week"]


def test_the_log_says_what_a_run_made(session, shop, admin):
    (row,) = visit(RunLog, admin)["rows"]
    assert (row["week"], row["outcome"], row["orders"], row["mkd"], row["eur"], row["due"]) == (
        "2026-47",
        "1 invoice",
        "2",
        "18,450",
        "2.05",
        "27 Nov 2026",
    )


# ---- orders ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["ELSE-1", "ELSE-2", "ABCD-1", "ABCD-2", "ELSE-0"]),
        ("?q=abcd", ["ABCD-1", "ABCD-2"]),
        ("?q=abcd-2", ["ABCD-2"]),
        ("?q=pearls", ["ABCD-1", "ABCD-2"]),
        ("?q=nobody", []),
        ("?status=shipped&paymentType=CARD", ["ELSE-0"]),
        ("?sellerId={seller}&status=delivered", ["ABCD-1", "ABCD-2"]),
        ("?invoiceId={invoice}", ["ABCD-1", "ABCD-2"]),
        ("?sellerPaid=true", []),
        ("?from=2026-11-23", []),
        ("?to=2026-11-17&sort=created_at", ["ELSE-0", "ABCD-1", "ABCD-2", "ELSE-1", "ELSE-2"]),
    ],
)
def test_orders_of_all_sellers_are_found(session, shop, clock, admin, query, numbers):
    other = open_shop(session, clock, code="ELSE", storeName="Elsewhere", contactName="Bo")
    early = {"status": "shipped", "payment_type": "CARD", "created_at": WEDNESDAY - timedelta(days=3)}
    make_order(session, other.seller, order_number="ELSE-0", **early)
    address = "/marketplace/orders" + query.format(seller=shop.seller.id, invoice=shop.invoice.id)
    seen = visit(SellersOrders, admin, address=address)
    assert sorted(row["number"] for row in seen["rows"]) == sorted(numbers)


def test_an_order_leads_to_its_seller_and_invoice_and_tells_its_history(session, shop, admin):
    billed = session.scalars(select(MarketplaceOrder).where(MarketplaceOrder.order_number == "ABCD-1")).one()
    record = visit(SellersOrders, admin, opened(billed))["record"]
    assert {name: record[name] for name in ("store", "invoice", "owed", "settled", "delivered_on")} == {
        "store": "Ohrid Pearls",
        "invoice": "INV-2026-47-ABCD",
        "owed": "MKD 18,450",
        "settled": "",
        "delivered_on": "18 Nov 2026",
    }
    assert record["seller_href"] == f"/marketplace/sellers?open={shop.seller.id}"
    assert record["invoice_href"] == f"/marketplace/invoices?open={shop.invoice.id}"
    invoice = visit(SellersInvoices, admin, opened(shop.invoice))
    assert invoice["items"][0]["number_href"] == f"/marketplace/orders?open={billed.id}"


def test_the_office_takes_an_order_along_and_is_named_in_its_history(session, shop, admin):
    waiting = make_order(session, shop.seller, order_number="ABCD-3")
    ship, deliver = ("step", {"status": "shipped"}), ("step", {"status": "delivered"})
    seen = visit(SellersOrders, admin, opened(waiting), ship, deliver)
    session.expire_all()
    assert waiting.status == "delivered"
    assert (seen["allowed"], seen["record"]["status"]) == ([], "Delivered")
    told = [(each["what"], each["who"]) for each in seen["events"] if each["what"]]
    assert sorted(told) == [
        ("Changed", "A admin"),
        ("Created", "Lattis"),
        ("Delivered", "A admin"),
        ("Shipped", "A admin"),
    ]
    assert "ABCD-3 is delivered" in seen.said


# ---- settings --------------------------------------------------------------------------------------------


def test_settings_are_shown_and_kept(session, clock, admin):
    seen = visit(MarketplaceSettingsForm, admin)
    assert (seen["values"]["exchangeRate"], seen["values"]["paymentDeadlineDays"]) == ("61.5", "5")
    changed = dict(seen["values"]) | {
        "paymentDeadlineDays": "3",
        "sellerMarkPaid": "verify",
        "exchangeRate": "61.7",
    }
    visit(MarketplaceSettingsForm, admin, ("save", {"form": changed}))
    kept = session.scalars(select(MarketplaceSettings)).one()
    assert (kept.payment_deadline_days, kept.seller_mark_paid, str(kept.exchange_rate)) == (
        3,
        "verify",
        "61.7000",
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"paymentDeadlineDays": "2"}, "paymentDeadlineDays"),
        ({"exchangeRate": "0"}, "exchangeRate"),
        ({"exchangeRate": "1e999"}, "exchangeRate"),
        ({"platformFeePercent": "-1"}, "platformFeePercent"),
        ({"sellerMarkPaid": "never"}, "sellerMarkPaid"),
    ],
)
def test_a_bad_setting_is_refused_beside_its_field(session, clock, admin, typed, field):
    before = everything(session)
    seen = visit(MarketplaceSettingsForm, admin, ("save", {"form": typed}))
    assert list(seen["errors"]) == [field]
    assert everything(session) == before


# ---- whose pages these are -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SELLER])
@pytest.mark.parametrize("page", PAGES)
def test_other_roles_see_and_change_nothing(session, late_shop, page, role):
    """Scenario 9 "Error Handling": 403, the seller's own records included."""
    stranger = late_shop.cookie if role is Role.SELLER else signed_in(session, role)
    before = everything(session)
    events = forged_events(page, str(late_shop.invoice.id))
    seen = visit(page, stranger, *events)
    if page is SellersOrders:
        assert {row["store"] for row in seen["rows"]} == {"Ohrid Pearls"}
    else:
        assert not any(seen.values.get(shown) for shown in ("rows", "record", "overdue", "summary"))
    assert everything(session) == before


@pytest.mark.parametrize("wanted", ["garbage", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "' OR 1=1"])
@pytest.mark.parametrize("page", [Sellers, SellersInvoices, SellersOrders])
def test_a_link_to_nothing_says_so_and_shows_the_list(session, shop, admin, page, wanted):
    seen = visit(page, admin, address=f"/page?open={wanted}&page=x&sort=secret")
    assert "not found" in seen.said
    assert (seen["open_id"], seen["loaded"], seen["page"]) == ("", True, 1)


def test_the_dashboard_is_told_of_claims_and_restricted_sellers(session, late_shop):
    assert [(each["title"], each["text"]) for each in needs.find(session, SYSTEM)] == [
        ("1 seller takes no orders", "MKD 18,450 + EUR 2.05 overdue")
    ]
    claim(session, late_shop)
    told = needs.find(session, SYSTEM)
    assert [each["href"] for each in told] == [
        "/marketplace/invoices?claimed=true",
        "/marketplace/sellers?restricted=true",
    ]
    assert needs.find(session, seller_actor(session, late_shop.seller)) == []


def test_the_navigation_counts_a_sellers_overdue_invoices(session, late_shop):
    assert my_overdue_invoices(session, seller_actor(session, late_shop.seller)) == 1
    invoices.cancel(session, SYSTEM, late_shop.invoice.id, "Not owed")
    session.flush()
    assert my_overdue_invoices(session, seller_actor(session, late_shop.seller)) == 0
    assert session.scalars(select(MarketplacePaymentClaim)).all() == []
