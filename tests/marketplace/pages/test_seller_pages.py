"""A seller's own pages: invoices, paying, the restriction, orders, products, statement (seed 003)."""

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import MarketplaceOrder, MarketplaceProduct
from lattis_app.marketplace.pages.seller_invoice import SellerInvoice
from lattis_app.marketplace.pages.seller_invoices import SellerInvoices
from lattis_app.marketplace.pages.seller_orders import SellerOrders
from lattis_app.marketplace.pages.seller_products import SellerProducts
from lattis_app.marketplace.pages.seller_statement import SellerStatement
from lattis_app.marketplace.pages.standing import SellerStanding
from lattis_app.marketplace.services import generation
from tests.factories.marketplace import make_delivered, make_order, make_seller, set_marketplace
from tests.marketplace.pages.shops import MONDAY_AFTER, WEDNESDAY, forged_events, open_shop
from tests.ui.visits import everything, signed_in, visit

OWN_PAGES = (SellerInvoices, SellerInvoice, SellerOrders, SellerProducts, SellerStatement, SellerStanding)


def at(shop, query=""):
    return f"/seller/invoices/{shop.invoice.id}{query}"


# ---- invoices --------------------------------------------------------------------------------------------


def test_scenario_1_and_11_the_list_shows_number_week_due_and_status_with_days(session, shop):
    """Scenario 1 "View Invoice List", 11 "Invoice Number Format"; checklist: list view, status indicators, countdown."""
    (row,) = visit(SellerInvoices, shop.cookie)["rows"]
    assert {key: value for key, value in row.items() if key not in ("id", "store")} == {
        "invoice_number": "INV-2026-47-ABCD",
        "week_start_date": "16 – 22 Nov 2026",
        "due_date": "27 Nov 2026",
        "status": "Pending · due in 4 days",
        "status_tone": "warn",
        "orders": "2",
        "total_amount": "MKD 18,576.08",
        "parts": "MKD 18,450 + EUR 2.05",
    }


def test_scenario_5_an_overdue_invoice_says_since_when(session, late_shop):
    """Scenario 5 "Overdue Invoice"."""
    (row,) = visit(SellerInvoices, late_shop.cookie)["rows"]
    assert (row["status"], row["status_tone"]) == ("Overdue · 3 days", "bad")


@pytest.mark.parametrize(
    ("query", "total"),
    [("", 1), ("?status=pending", 1), ("?status=paid", 0), ("?q=inv-2026-47", 1), ("?q=48", 0)],
)
def test_checklist_filtering_by_status_from_the_address(session, shop, query, total):
    """Checklist "Add filtering by invoice status"."""
    assert visit(SellerInvoices, shop.cookie, address=f"/seller/invoices{query}")["total"] == total


def test_scenario_8_a_seller_without_invoices_sees_none(session, clock):
    """Scenario 8 "Empty States"."""
    seller = make_seller(session)
    seen = visit(SellerInvoices, signed_in(session, Role.SELLER, subject_id=seller.id))
    assert (seen["rows"], seen["total"], seen["problem"]) == ([], 0, "")


def test_scenario_2_and_7_the_invoice_shows_its_orders_and_each_currency(session, shop):
    """Scenario 2 "View Invoice Details", 7 "Currency Display"; checklist: order breakdown, multi-currency."""
    seen = visit(SellerInvoice, shop.cookie, address=at(shop))
    assert [{name: text for name, text in item.items() if name not in ("id", "number_href")} for item in seen["items"]] == [
        {
            "number": "ABCD-1",
            "delivered": "18 Nov 2026",
            "price": "MKD 123,000",
            "platform": "MKD 12,300",
            "platform_percent": "10 %",
            "affiliate": "MKD 6,150",
            "affiliate_percent": "5 %",
            "owed": "MKD 18,450",
        },
        {
            "number": "ABCD-2",
            "delivered": "18 Nov 2026",
            "price": "EUR 20.50",
            "platform": "EUR 2.05",
            "platform_percent": "10 %",
            "affiliate": "–",
            "affiliate_percent": "",
            "owed": "EUR 2.05",
        },
    ]  # fmt: skip
    assert [tuple(each.values()) for each in seen["breakdown"]] == [
        ("MKD", "123,000", "12,300", "6,150", "18,450"),
        ("EUR", "20.50", "2.05", "0.00", "2.05"),
    ]
    assert (seen["invoice"]["owed"], seen["invoice"]["rate"]) == ("MKD 18,450 + EUR 2.05", "61.5 MKD per EUR")
    assert seen["is_open"] is True


def test_scenario_3_a_seller_marks_an_invoice_as_paid(session, shop):
    """Scenario 3 "Mark Invoice as Paid (Seller)"; checklist: mark as paid, confirmation shown."""
    seen = visit(
        SellerInvoice, shop.cookie, ("pay", {"form": {"paymentNotes": " NLB 4711 "}}), address=at(shop)
    )
    session.refresh(shop.invoice)
    assert (shop.invoice.status, shop.invoice.payment_notes) == ("paid", "NLB 4711")
    assert (seen["invoice"]["status"], seen["invoice"]["notes"], seen["is_open"]) == (
        "Paid",
        "NLB 4711",
        False,
    )
    assert "INV-2026-47-ABCD is marked as paid" in seen.said


def test_scenario_9_paying_twice_is_refused_and_says_why(session, shop):
    """Scenario 9 "Error Handling": 400."""
    pay = ("pay", {"form": {"paymentNotes": "again"}})
    seen = visit(
        SellerInvoice, shop.cookie, ("pay", {"form": {"paymentNotes": "once"}}), pay, address=at(shop)
    )
    session.refresh(shop.invoice)
    assert shop.invoice.payment_notes == "once"
    assert "INV-2026-47-ABCD cannot be paid again" in seen.said


def test_under_verify_the_seller_claims_with_a_proof_and_waits(session, shop):
    set_marketplace(session, seller_mark_paid="verify")
    missing = visit(SellerInvoice, shop.cookie, ("claim", {"form": {"proof": ""}}), address=at(shop))
    assert (missing["is_verified"], missing["errors"]) == (True, {"proof": "Fill this in"})
    seen = visit(SellerInvoice, shop.cookie, ("claim", {"form": {"proof": "TRX-99"}}), address=at(shop))
    session.refresh(shop.invoice)
    assert shop.invoice.status == "pending"
    assert seen["invoice"]["status"] == "Pending · in review"
    assert [(each["proof"], each["status"]) for each in seen["claims"]] == [
        ("TRX-99", "Waiting for confirmation")
    ]
    assert seen["is_open"] is False
    assert "waits for confirmation" in seen.said


def test_the_pay_link_of_the_warning_opens_the_form(session, late_shop):
    seen = visit(SellerInvoice, late_shop.cookie, address=at(late_shop, "?pay=yes"))
    assert "pay-sheet" in seen.said


@pytest.mark.parametrize(
    "wanted", ["garbage", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "%27; drop table users"]
)
def test_scenario_9_an_address_of_nothing_shows_nothing(session, shop, wanted):
    """Scenario 9 "Error Handling": 404."""
    seen = visit(SellerInvoice, shop.cookie, address=f"/seller/invoices/{wanted}")
    assert (seen["missing"], seen["invoice"], seen["items"], seen["is_open"]) == (True, {}, [], False)


# ---- the restriction -------------------------------------------------------------------------------------


def test_scenario_6_the_warning_names_each_invoice_and_exactly_what_clears_it(session, late_shop):
    """Scenario 6 "Payment Restriction"; checklist: payment restriction warnings."""
    seen = visit(SellerStanding, late_shop.cookie)
    assert (seen["restricted"], seen["to_clear"]) == (True, "MKD 18,450 + EUR 2.05")
    assert seen["hidden"] == "Meanwhile 1 product of yours is hidden from buyers."
    link = f"/seller/invoices/{late_shop.invoice.id}"
    assert seen["overdue"] == [
        {
            "id": str(late_shop.invoice.id),
            "number": "INV-2026-47-ABCD",
            "amount": "MKD 18,450 + EUR 2.05",
            "late": "3 days overdue",
            "href": link,
            "pay": f"{link}?pay=yes",
        }
    ]
    assert seen["reactivate_label"] == ""


def test_a_claimed_invoice_of_the_warning_is_in_review_and_not_to_be_paid_again(session, late_shop):
    set_marketplace(session, seller_mark_paid="verify")
    visit(SellerInvoice, late_shop.cookie, ("claim", {"form": {"proof": "TRX-99"}}), address=at(late_shop))
    seen = visit(SellerStanding, late_shop.cookie)
    assert [each["pay"] for each in seen["overdue"]] == [""]
    assert seen["restricted"] is True


def test_scenario_6_a_restricted_seller_takes_no_order_and_keeps_what_was_typed(session, late_shop):
    before = everything(session)
    form = {"productName": "Honey", "price": "500", "currency": "MKD", "paymentType": "COD"}
    seen = visit(SellerOrders, late_shop.cookie, ("create", {"form": form}))
    assert seen["form_error"] == "You cannot create new orders until overdue invoices are paid"
    assert everything(session) == before


def test_after_paying_only_what_the_system_hid_comes_back(session, late_shop):
    visit(SellerInvoice, late_shop.cookie, ("pay", {"form": {}}), address=at(late_shop))
    freed = visit(SellerStanding, late_shop.cookie)
    assert (freed["restricted"], freed["reactivate_label"]) == (False, "Reactivate the 1 product")
    seen = visit(SellerStanding, late_shop.cookie, ("reactivate", {}))
    session.expire_all()
    assert (late_shop.honey.active, late_shop.jam.active) == (True, False)
    assert (seen["reactivate_label"], "1 product is on offer again" in seen.said) == ("", True)


def test_hidden_products_do_not_come_back_while_restricted(session, late_shop):
    before = everything(session)
    opened = ("open_record", {"record_id": str(late_shop.honey.id)})
    seen = visit(SellerProducts, late_shop.cookie, opened, ("activate", {}))
    assert "until overdue invoices are paid" in seen.said
    assert (
        "until overdue invoices are paid" in visit(SellerStanding, late_shop.cookie, ("reactivate", {})).said
    )
    assert everything(session) == before


# ---- orders and products ---------------------------------------------------------------------------------


def test_an_order_is_taken_sent_and_delivered_with_its_fees_frozen(session, shop):
    form = {
        "productId": str(shop.honey.id),
        "paymentType": "COD",
        "buyerName": "Марија 😀",
        "affiliate": "ELENA",
    }
    taken = visit(SellerOrders, shop.cookie, ("begin", {}), ("create", {"form": form}))
    assert taken["product_options"] == [
        {"value": str(shop.honey.id), "label": "Honey · MKD 1,230", "note": ""}
    ]
    order = session.scalars(
        select(MarketplaceOrder).where(MarketplaceOrder.product_id == shop.honey.id)
    ).one()
    opened = ("open_record", {"record_id": str(order.id)})
    seen = visit(
        SellerOrders, shop.cookie, opened, ("step", {"status": "shipped"}), ("step", {"status": "delivered"})
    )
    record = seen["record"]
    assert (record["status"], record["buyer"], record["platform_fee"], record["affiliate_fee"]) == (
        "Delivered",
        "Марија 😀",
        "MKD 123 (10 %)",
        "MKD 61.50 (5 %)",
    )
    assert (record["owed"], record["invoice"]) == ("MKD 184.50", "With next Monday's invoice")
    assert seen["allowed"] == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"productName": "X", "price": "-1"}, "price"),
        ({"productName": "X", "price": "1e999"}, "price"),
        ({"productName": "X", "price": "NaN"}, "price"),
        ({"productName": "X", "price": "5", "paymentType": "GOLD"}, "paymentType"),
        ({"productId": "x"}, "productId"),
    ],
)
def test_a_bad_order_is_refused_beside_its_field(session, shop, typed, field):
    before = everything(session)
    seen = visit(SellerOrders, shop.cookie, ("create", {"form": typed}))
    assert list(seen["errors"]) == [field]
    assert everything(session) == before


def test_a_product_is_offered_and_taken_off(session, shop):
    form = {"name": "Ajvar", "price": "250.50", "currency": "MKD"}
    visit(SellerProducts, shop.cookie, ("save", {"form": form}))
    made = session.scalars(select(MarketplaceProduct).where(MarketplaceProduct.name == "Ajvar")).one()
    assert (made.price_minor, made.active, made.seller_id) == (25_050, True, shop.seller.id)
    opened = ("open_record", {"record_id": str(made.id)})
    seen = visit(SellerProducts, shop.cookie, opened, ("deactivate", {}))
    assert (seen["record"]["status"], seen["record"]["price"], seen["allowed"]) == (
        "Inactive",
        "MKD 250.50",
        ["activate"],
    )


def test_a_product_is_edited_and_orders_keep_their_price(session, shop):
    ordered = ("create", {"form": {"productId": str(shop.honey.id)}})
    visit(SellerOrders, shop.cookie, ordered)
    opened = ("open_record", {"record_id": str(shop.honey.id)})
    begun = visit(SellerProducts, shop.cookie, opened, ("edit", {}))
    assert begun["values"] == {"name": "Honey", "price": "1230.00", "currency": "MKD", "description": ""}
    form = begun["values"] | {"name": "Pine honey", "price": "1400.50", "description": "From Galičica"}
    seen = visit(SellerProducts, shop.cookie, opened, ("edit", {}), ("save", {"form": form}))
    session.expire_all()
    assert (shop.honey.name, shop.honey.price_minor, shop.honey.description, shop.honey.active) == (
        "Pine honey",
        140_050,
        "From Galičica",
        True,
    )
    assert (seen["record"]["name"], seen["record"]["price"]) == ("Pine honey", "MKD 1,400.50")
    assert "Pine honey saved" in seen.said
    order = session.scalars(
        select(MarketplaceOrder).where(MarketplaceOrder.product_id == shop.honey.id)
    ).one()
    assert (order.product_name, order.price_minor) == ("Honey", 123_000)


def test_a_product_edited_badly_is_refused_beside_its_field(session, shop):
    opened = ("open_record", {"record_id": str(shop.honey.id)})
    before = everything(session)
    bad = ("save", {"form": {"name": "", "price": "-3", "currency": "MKD", "description": ""}})
    seen = visit(SellerProducts, shop.cookie, opened, ("edit", {}), bad)
    assert sorted(seen["errors"]) == ["name", "price"]
    assert everything(session) == before


def test_the_statement_shows_each_currency_by_itself(session, shop):
    seen = visit(SellerStatement, shop.cookie)
    assert (seen["currency"], seen["sums"]["closing"], seen["sums"]["note"]) == (
        "MKD",
        "MKD 18,450",
        "still to pay",
    )
    assert [each["what"] for each in seen["lines"]] == ["Invoice INV-2026-47-ABCD"]
    euros = visit(SellerStatement, shop.cookie, ("choose_currency", {"currency": "EUR"}))
    assert euros["sums"]["closing"] == "EUR 2.05"


# ---- whose pages these are -------------------------------------------------------------------------------


def test_another_sellers_records_are_not_shown_and_not_changed(session, shop, clock):
    """Scenario 9 "Error Handling": another seller's is 404."""
    other = open_shop(session, clock, code="ELSE", storeName="Elsewhere")
    order = make_order(session, other.seller)
    before = everything(session)
    paid = visit(
        SellerInvoice,
        shop.cookie,
        ("pay", {"form": {}}),
        ("claim", {"form": {"proof": "TRX"}}),
        address=at(other),
    )
    assert (paid["missing"], paid["invoice"], paid["items"]) == (True, {}, [])
    stepped = visit(
        SellerOrders,
        shop.cookie,
        ("open_record", {"record_id": str(order.id)}),
        ("step", {"status": "shipped"}),
    )
    assert stepped["record"] == {}
    hidden = visit(
        SellerProducts,
        shop.cookie,
        ("open_record", {"record_id": str(other.honey.id)}),
        ("deactivate", {}),
        ("edit", {}),
        ("save", {"form": {"price": "1"}}),
    )
    assert hidden["record"] == {}
    assert everything(session) == before
    assert [row["invoice_number"] for row in visit(SellerInvoices, shop.cookie)["rows"]] == [
        "INV-2026-47-ABCD"
    ]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MERCHANT])
@pytest.mark.parametrize("page", OWN_PAGES)
def test_other_roles_see_and_change_nothing(session, shop, page, role):
    """Scenario 9 "Error Handling": 403. An administrator may read all orders, and takes none."""
    stranger = signed_in(session, role)
    before = everything(session)
    seen = visit(page, stranger, *forged_events(page, str(shop.honey.id)), address=at(shop))
    if (page, role) != (SellerOrders, Role.ADMIN):
        assert not any(seen.values.get(shown) for shown in ("rows", "items", "overdue", "record"))
    assert everything(session) == before


def test_scenario_10_weeks_stand_by_themselves(session, shop, clock):
    """Scenario 10 "Multi-Week View": an earlier week billed late has its own number and span."""
    make_delivered(session, shop.seller, WEDNESDAY.replace(day=25))
    clock.set(MONDAY_AFTER)
    generation.generate_due(session, SYSTEM, MONDAY_AFTER)
    rows = visit(SellerInvoices, shop.cookie)["rows"]
    assert [(row["invoice_number"], row["week_start_date"]) for row in rows] == [
        ("INV-2026-48-ABCD", "23 – 29 Nov 2026"),
        ("INV-2026-47-ABCD", "16 – 22 Nov 2026"),
    ]
