"""Invoices, payments, commissions and the business profile: what their pages show, take in and refuse."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalBusiness, RentalCommission, RentalPayment
from lattis_app.rental.pages.business import BusinessProfile
from lattis_app.rental.pages.commissions import Commissions
from lattis_app.rental.pages.invoices import Invoices
from lattis_app.rental.pages.payments import Payments
from lattis_app.rental.schemas.invoices import CollectionEntry, PaymentEntry
from lattis_app.rental.services import commissions, invoices, payments
from tests.factories.rental_delivery_orders import make_delivery_order, set_business
from tests.factories.rental_operations import make_driver
from tests.ui.visits import everything, signed_in, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def make_invoice(session, *, paid=None, **order):
    made = make_delivery_order(session, **order)
    invoice = invoices.make_from_order(session, SYSTEM, made.id)
    if paid is not None:
        entry = PaymentEntry(method="ONLINE", amount=paid, reference="TXN-1")
        payments.record(session, SYSTEM, invoice.id, entry)
    session.flush()
    return invoice


# ---- invoices --------------------------------------------------------------------------------------------


def test_invoices_are_listed_in_words_with_what_is_still_to_pay(session, office):
    invoice = make_invoice(session, paid=100)
    make_invoice(session, paid=350)
    draft = invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id, False)
    session.flush()

    seen = visit(Invoices, office)

    rows = {row["id"]: row for row in seen["rows"]}
    shown = rows[str(invoice.id)]
    assert {
        key: shown[key] for key in ("number", "status", "status_tone", "total", "balance", "issued_on")
    } == {
        "number": invoice.invoice_number,
        "status": "Partially paid",
        "status_tone": "warn",
        "total": "350.00",
        "balance": "250.00",
        "issued_on": "16 Mar 2026",
    }
    assert (rows[str(draft.id)]["number"], rows[str(draft.id)]["due_on"]) == ("Draft", "–")
    assert (seen["total"], seen["note"], seen["extent"]) == (3, "RM 250.00", "1–3 of 3")


def test_the_address_narrows_orders_and_names_a_customer(session, office):
    kept = make_invoice(session)
    make_invoice(session, paid=350)
    make_invoice(session, paid=10)

    by_status = visit(Invoices, office, address="/rental/invoices?status=issued,partially_paid&sort=total")
    by_customer = visit(Invoices, office, address=f"/rental/invoices?customer_id={kept.customer_id}")
    chosen = visit(Invoices, office, ("apply_filter", {"form": {"status:paid": "on", "overdue": "false"}}))

    assert (by_status["total"], by_status["sort"]) == (2, "total")
    assert [(chip["label"], chip["text"]) for chip in by_customer["chips"]] == [
        ("Customer", "ABC Construction Sdn Bhd")
    ]
    assert [row["id"] for row in by_customer["rows"]] == [str(kept.id)]
    assert (chosen["total"], chosen["criteria"]) == (1, "status=paid&overdue=false")
    assert "status=paid" in chosen.said


def test_a_list_turns_its_pages_in_the_address(session, office):
    for _ in range(21):
        make_invoice(session)
    seen = visit(Invoices, office, ("go_to_page", {"number": 2}))
    assert (len(seen["rows"]), seen["extent"], seen["pages"]) == (1, "21–21 of 21", 2)
    assert "page=2" in seen.said


def test_an_invoice_shows_its_lines_sums_and_payments(session, office):
    set_business(session, sst_rate=Decimal("0.08"))
    invoice = make_invoice(session, paid=378)

    seen = visit(Invoices, office, ("open_record", {"record_id": str(invoice.id)}))

    record = seen["record"]
    sums = ("subtotal", "tax_name", "tax", "total", "paid", "balance")
    assert [record[name] for name in sums] == [
        "RM 350.00", "SST 8%", "RM 28.00", "RM 378.00", "−RM 378.00", "RM 0.00",
    ]  # fmt: skip
    assert [(line["text"], line["quantity"], line["amount"]) for line in seen["lines"]] == [
        ("Construction debris", "1 load", "350.00")
    ]
    (payment,) = seen["payments"]
    assert (payment["reference"], payment["amount"]) == ("TXN-1", "378.00")
    assert [step["label"] for step in seen["steps"]] == ["Draft", "Issued", "Paid", "Closed"]
    assert seen["allowed"] == ["refund"]
    assert not any("{" in event["after"] for event in seen["events"])


@pytest.mark.parametrize("wanted", ["garbage", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "' OR 1=1"])
@pytest.mark.parametrize("page", [Invoices, Payments, Commissions])
def test_a_link_to_nothing_says_so_and_shows_the_list(session, office, page, wanted):
    seen = visit(page, office, address=f"/page?open={wanted}&customer_id={wanted}&page=x&sort=secret")
    assert "not found" in seen.said
    assert (seen["open_id"], seen["loaded"], seen["page"]) == ("", True, 1)


def test_money_is_recorded_with_its_receipt(session, office):
    invoice = make_invoice(session)
    seen = visit(
        Invoices,
        office,
        ("open_record", {"record_id": str(invoice.id)}),
        ("begin_payment", {}),
        ("pay", {"form": {"amount": "120.50", "method": "CDM", "reference": " 4711 "}}),
    )
    payment = session.scalars(select(RentalPayment)).one()
    assert (payment.amount_minor, payment.method, payment.reference) == (12050, "CDM", "4711")
    assert f"Receipt {payment.receipt_number} given" in seen.said
    assert "payment-sheet" in seen.said
    assert (seen["record"]["balance"], seen["record"]["status"]) == ("RM 229.50", "Partially paid")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"amount": "350.01", "method": "CASH"}, {"amount": "Must not exceed the balance of RM 350.00"}),
        ({"amount": "", "method": "CASH"}, {"amount": "Fill this in"}),
        ({"amount": "-5", "method": "CASH"}, {"amount": "Must be greater than 0"}),
        ({"amount": "5", "method": "GOLD"}, {"method": "Choose one"}),
        ({"amount": ["5"], "method": {"x": 1}}, None),
    ],
)
def test_a_payment_that_does_not_fit_is_told_beside_its_field(session, office, typed, problem):
    invoice = make_invoice(session)
    opened = ("open_record", {"record_id": str(invoice.id)})
    before, key = everything(session), visit(Invoices, office, opened, ("begin_payment", {}))["form_key"]

    seen = visit(Invoices, office, opened, ("begin_payment", {}), ("pay", {"form": typed}))

    assert seen["errors"] == problem if problem else set(seen["errors"]) == {"amount", "method"}
    assert (seen["form_key"], seen["values"]["amount"]) == (key, "350.00")
    assert "payment-sheet" not in seen.said
    assert everything(session) == before


def test_voiding_needs_a_reason_and_ends_the_strip(session, office):
    invoice = make_invoice(session)
    opened = ("open_record", {"record_id": str(invoice.id)})
    before = everything(session)

    refused = visit(Invoices, office, opened, ("void", {"form": {"reason": " "}}))
    assert everything(session) == before
    assert "toast" in refused.said

    seen = visit(Invoices, office, opened, ("void", {"form": {"reason": "Wrong customer"}}))
    assert (seen["record"]["void_reason"], seen["allowed"]) == ("Wrong customer", [])
    assert [step["state"] for step in seen["steps"]] == ["done", "stopped"]


def test_a_draft_is_issued_and_only_then_can_be_paid(session, office):
    draft = invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id, False)
    session.flush()
    opened = ("open_record", {"record_id": str(draft.id)})
    assert visit(Invoices, office, opened)["allowed"] == ["issue", "void"]

    seen = visit(Invoices, office, opened, ("issue", {}))

    session.refresh(draft)
    assert (seen["allowed"], seen["record"]["number"]) == (["pay", "void"], draft.invoice_number)
    assert f"{draft.invoice_number} issued" in seen.said


# ---- payments --------------------------------------------------------------------------------------------


def test_payments_name_what_they_paid_and_add_up(session, office):
    invoice = make_invoice(session, paid=100)
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount=50))
    opened = session.scalars(select(RentalPayment).where(RentalPayment.method == "ONLINE")).one()

    seen = visit(Payments, office, ("open_record", {"record_id": str(opened.id)}))
    cash = visit(Payments, office, address="/rental/payments?method=CASH")

    assert (seen["total"], seen["note"], cash["total"], cash["note"]) == (2, "RM 150.00", 1, "RM 50.00")
    record = seen["record"]
    assert (record["invoice"], record["amount_text"], record["method"]) == (
        invoice.invoice_number,
        "RM 100.00",
        "Online transfer",
    )
    assert record["order"].startswith("DO-2026-")
    assert [event["what"] for event in seen["events"]] == ["Created"]


def test_money_taken_on_site_names_the_driver_who_took_it(session, office):
    driver = make_driver(session, name="Lim Wei")
    order = make_delivery_order(session, driver_id=driver.id)
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="50"))
    session.flush()
    taken = session.scalars(select(RentalPayment)).one()

    seen = visit(Payments, office, ("open_record", {"record_id": str(taken.id)}))

    assert [row["by"] for row in seen["rows"]] == ["Lim Wei"]
    assert seen["record"]["where"] == "On site, by Lim Wei"


# ---- commissions -----------------------------------------------------------------------------------------


def make_commission(session):
    order = make_delivery_order(session, introducer_name="Mdm Chew")
    return session.scalars(
        select(RentalCommission).where(RentalCommission.delivery_order_id == order.id)
    ).one()


def test_a_commission_is_agreed_and_then_paid(session, office):
    commission = make_commission(session)
    invoice = invoices.make_from_order(session, SYSTEM, commission.delivery_order_id)
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="ONLINE", amount=350))
    commissions.mark_eligible(session, SYSTEM, commission.delivery_order_id)
    session.flush()
    opened = ("open_record", {"record_id": str(commission.id)})
    seen = visit(Commissions, office, opened, ("begin_approval", {}))
    assert (seen["values"], seen["allowed"]) == ({"introducer_name": "Mdm Chew"}, ["approve"])

    refused = visit(
        Commissions, office, opened, ("approve", {"form": {"introducer_name": "Mdm Chew", "amount": ""}})
    )
    assert refused["errors"] == {"amount": "Fill this in"}

    agreed = visit(
        Commissions, office, opened, ("approve", {"form": {"introducer_name": "Mdm Chew", "amount": "35"}})
    )
    assert (agreed["note"], agreed["allowed"], agreed["record"]["amount_text"]) == (
        "RM 35.00",
        ["pay"],
        "RM 35.00",
    )

    paid = visit(Commissions, office, opened, ("pay", {"form": {"payment_method": "CASH", "reference": "4"}}))
    assert (paid["record"]["status"], paid["record"]["reference"], paid["allowed"]) == ("Paid", "4", [])


def test_a_pending_commission_says_what_it_waits_for(session, office):
    commission = make_commission(session)
    seen = visit(Commissions, office, ("open_record", {"record_id": str(commission.id)}))
    assert seen["allowed"] == []
    assert seen["record"]["waits"].startswith("Becomes eligible as soon as")


# ---- the business profile --------------------------------------------------------------------------------


def test_the_tax_rate_is_typed_in_percent(session, office):
    set_business(session, sst_rate=Decimal("0.06"))
    form = visit(BusinessProfile, office)["values"]
    assert (form["sst_rate"], form["name"]) == ("6", "Lattis Bin Services Sdn Bhd")

    seen = visit(
        BusinessProfile, office, ("save", {"form": form | {"sst_rate": "8.5 %", "phone": "03-1234 5678"}})
    )

    business = session.scalars(select(RentalBusiness)).one()
    assert (business.sst_rate, business.phone, seen["values"]["sst_rate"]) == (
        Decimal("0.085"),
        "03-1234 5678",
        "8.5",
    )


@pytest.mark.parametrize("rate", ["108", "-1", "eight", "NaN", ["8"]])
def test_a_rate_that_is_no_percentage_is_refused(session, office, rate):
    set_business(session)
    form = visit(BusinessProfile, office)["values"]
    before = everything(session)
    seen = visit(BusinessProfile, office, ("save", {"form": form | {"sst_rate": rate}}))
    assert seen["errors"] == {"sst_rate": "Must be a percentage from 0 to 100"}
    assert everything(session) == before
