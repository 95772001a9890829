"""Refunds on their page, and the form that asks for one on invoices and payments."""

import asyncio

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalPayment, RentalRefund
from lattis_app.rental.pages.invoices import Invoices
from lattis_app.rental.pages.payments import Payments
from lattis_app.rental.pages.refund_forms import RefundForm
from lattis_app.rental.pages.refunds import Refunds
from lattis_app.rental.schemas.invoices import CollectionEntry, PaymentEntry
from lattis_app.rental.schemas.refunds import RefundEntry
from lattis_app.rental.services import invoices, payments, refunds
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session)


@pytest.fixture
def invoice(session, clock):
    """350.00, of which 100.00 is cash that the driver holds and the rest came by transfer."""
    order = make_delivery_order(session)
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount=100))
    made = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    payments.record(session, SYSTEM, made.id, PaymentEntry(method="ONLINE", amount=250))
    session.flush()
    return made


@pytest.fixture
def refund(session, invoice):
    entry = RefundEntry(target_type="INVOICE", target_id=invoice.id, reason="Wrong bin size", amount=300)
    made = refunds.request(session, SYSTEM, entry)
    session.flush()
    return made


async def asking(cookie, *events):
    async with pipeline() as tab:
        return await stay(tab, RefundForm, cookie, *events)


def ask(cookie, *events):
    return asyncio.run(asking(cookie, *events))


def test_a_refund_is_approved_and_paid_out_the_way_the_money_came(session, office, refund):
    opened = ("open_record", {"record_id": str(refund.id)})
    seen = visit(Refunds, office, opened)
    assert (seen["allowed"], seen["note"], seen["record"]["status"]) == (
        ["approve", "reject"],
        "RM 300.00",
        "Pending",
    )
    assert seen["record"]["target"] == "INV-2026-00001"

    approved = visit(Refunds, office, opened, ("approve", {}))
    assert (approved["allowed"], "RFND-2026-00001 approved" in approved.said) == (["process"], True)

    form = {"payment_method": "", "reference": "With thanks"}
    paid = visit(Refunds, office, opened, ("begin_payout", {}), ("process", {"form": form}))
    assert (paid["allowed"], paid["record"]["status"], paid["record"]["paid_by"]) == (
        [],
        "Processed",
        "The way it came",
    )
    assert [(part["source"].split()[0], part["amount"]) for part in paid["parts"]] == [
        ("Bank", "250.00"),
        ("Cash", "50.00"),
    ]
    assert "refund-payout-sheet" in paid.said


def test_rejecting_needs_a_reason_and_ends_the_strip(session, office, refund):
    opened = ("open_record", {"record_id": str(refund.id)})
    before = everything(session)
    refused = visit(Refunds, office, opened, ("reject", {"form": {"reason": " "}}))
    assert everything(session) == before
    assert "toast" in refused.said

    seen = visit(Refunds, office, opened, ("reject", {"form": {"reason": "The bin was right"}}))
    assert (seen["record"]["rejection"], seen["allowed"], seen["note"]) == (
        "The bin was right",
        [],
        "RM 0.00",
    )
    assert [step["state"] for step in seen["steps"]] == ["done", "stopped"]


@pytest.mark.parametrize("method", ["GOLD", ["x"], {"a": 1}])
def test_a_forged_method_is_told_beside_its_field(session, office, refund, method):
    refunds.approve(session, SYSTEM, refund.id)
    before = everything(session)
    opened = ("open_record", {"record_id": str(refund.id)})
    seen = visit(Refunds, office, opened, ("process", {"form": {"payment_method": method}}))
    assert set(seen["errors"]) == {"payment_method"}
    assert everything(session) == before


def test_the_form_starts_with_all_that_can_be_refunded_and_asks_for_it(session, office, invoice):
    begin = ("begin", {"target_type": "INVOICE", "target_id": str(invoice.id)})
    seen = ask(office, begin)
    assert (seen["values"], seen["most"], seen["number"]) == (
        {"amount": "350.00"},
        "RM 350.00",
        "INV-2026-00001",
    )
    too_much = ask(office, begin, ("ask", {"form": {"amount": "350.01", "reason": "Overcharge"}}))
    assert too_much["errors"] == {"amount": "Must not exceed the RM 350.00 that can be refunded"}
    assert session.scalars(select(RentalRefund)).all() == []

    asked = ask(office, begin, ("ask", {"form": {"amount": "20", "reason": "Overcharge"}}))
    made = session.scalars(select(RentalRefund)).one()
    assert (made.amount_minor, made.target_type, made.invoice_id) == (2000, "INVOICE", invoice.id)
    assert f"Refund {made.refund_number} waits for approval" in asked.said


@pytest.mark.parametrize(
    "target", [("INVOICE", "x"), ("HOUSE", "1"), ("DO", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff")]
)
def test_nothing_is_refunded_of_what_does_not_exist(session, office, clock, target):
    before = everything(session)
    seen = ask(office, ("begin", {"target_type": target[0], "target_id": target[1]}))
    assert "refund-sheet" not in seen.said
    assert everything(session) == before


def test_invoices_and_payments_offer_a_refund_as_long_as_money_is_left(session, office, invoice, refund):
    opened = ("open_record", {"record_id": str(invoice.id)})
    seen = visit(Invoices, office, opened)
    assert ("refund" in seen["allowed"], seen["record"]["refunded"]) == (True, "")
    refunds.approve(session, SYSTEM, refund.id)
    session.flush()
    visit(Refunds, office, ("open_record", {"record_id": str(refund.id)}), ("process", {"form": {}}))

    given = visit(Invoices, office, opened)["record"]
    assert (given["refunded"], given["balance"], given["status"]) == ("RM 300.00", "RM 0.00", "Paid")
    rows = {}
    for payment in session.scalars(select(RentalPayment)):
        shown = visit(Payments, office, ("open_record", {"record_id": str(payment.id)}))["record"]
        rows[payment.method] = (shown["refunded"], shown["left"], shown["target"])
    assert rows == {"ONLINE": ("RM 250.00", "", "INVOICE"), "CASH": ("RM 50.00", "true", "INVOICE")}
