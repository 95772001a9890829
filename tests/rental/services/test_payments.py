"""Money on site and in the office: with tax, never too much, always one receipt (contract: rental.md, "Payment")."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.rental.models import RentalInvoice, RentalPayment, RentalReceipt
from lattis_app.rental.queries import delivery_orders as order_queries
from lattis_app.rental.rules.invoices import AmountExceedsBalance, PaidLater
from lattis_app.rental.schemas.business import BusinessChanges
from lattis_app.rental.schemas.delivery_orders import StepEntry
from lattis_app.rental.schemas.invoices import CollectionEntry, PaymentEntry
from lattis_app.rental.services import business, delivery_orders, fulfilments, invoices, payments
from lattis_app.rental.statuses import InvoiceStatus, PaymentMethod
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import add_photos, make_delivery_order, set_business

E, P, R = columns(LedgerEntry), columns(RentalPayment), columns(RentalReceipt)
pytestmark = pytest.mark.usefixtures("clock")


def collect(session, order, amount, method="CASH"):
    entry = CollectionEntry(payment_method=method, amount=amount)
    payment = payments.collect(session, SYSTEM, order.id, entry)
    session.flush()
    return payment


def pay(session, invoice, amount, method="ONLINE"):
    payment = payments.record(session, SYSTEM, invoice.id, PaymentEntry(method=method, amount=amount))
    session.flush()
    return payment


def invoice_for(session, order):
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    return invoice


def to_pay(session, order):
    session.flush()
    return order_queries.find(session, SYSTEM, order.id).to_pay


def balance(session, account):
    return session.scalar(select(func.coalesce(func.sum(E.amount_minor), 0)).where(E.account == account))


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def taxed(session):
    """A business that charges 6 % SST."""
    return set_business(session, sst_rate="0.06", failed_trip_fee_minor=8000)


@pytest.fixture
def order(session, taxed):
    """350.00 and 21.00 of tax: 371.00."""
    return make_delivery_order(session)


def test_a_driver_collects_the_tax_too_and_the_invoice_ends_exactly_paid(session, order):
    assert to_pay(session, order) == 37100
    with pytest.raises(AmountExceedsBalance) as refused, session.begin_nested():
        collect(session, order, "371.01")
    assert refused.value.details["balance"] == Money(37100)
    assert (count(session, RentalPayment), count(session, RentalReceipt)) == (0, 0)

    collect(session, order, "371.00")
    assert (order.collected_minor, to_pay(session, order)) == (37100, 0)
    invoice = invoice_for(session, order)

    assert (invoice.status, invoice.total_minor, invoice.paid_minor) == ("paid", 37100, 37100)
    assert {
        account: balance(session, account) for account in ("receivable", "customer_credit", "tax_payable")
    } == {
        "receivable": 0,
        "customer_credit": 0,
        "tax_payable": -2100,
    }


def test_money_is_collected_in_parts_up_to_the_total(session, order):
    collect(session, order, "100.00")
    collect(session, order, "200.00", "EWALLET")
    with pytest.raises(AmountExceedsBalance) as refused, session.begin_nested():
        collect(session, order, "71.01")
    assert refused.value.details["balance"] == Money(7100)
    assert (order.collected_minor, to_pay(session, order)) == (30000, 7100)
    invoice = invoice_for(session, order)
    assert (invoice.status, invoice.paid_minor, to_pay(session, order)) == ("partially_paid", 30000, 7100)
    collect(session, order, "71.00")
    assert (invoice.status, to_pay(session, order)) == ("paid", 0)


def test_the_rate_at_which_money_was_taken_stays_with_the_order(session, order):
    collect(session, order, "371.00")
    business.update(session, SYSTEM, BusinessChanges(sst_rate="0"))
    session.flush()
    assert to_pay(session, order) == 0
    invoice = invoice_for(session, order)
    assert (str(invoice.tax_rate), invoice.tax_minor, invoice.status) == ("0.0600", 2100, "paid")


def test_without_money_the_rate_of_the_day_of_issue_counts(session, order):
    draft = invoices.draft_for(session, SYSTEM, order.id)
    session.flush()
    assert draft.total_minor == 37100
    business.update(session, SYSTEM, BusinessChanges(sst_rate="0.08"))
    session.flush()
    assert to_pay(session, order) == 37800
    invoice = invoice_for(session, order)
    assert (invoice.id, invoice.tax_minor, invoice.total_minor) == (draft.id, 2800, 37800)


def test_a_failed_trip_after_money_was_taken_leaves_its_fee_to_pay(session, order):
    collect(session, order, "371.00")
    add_photos(session, order, 1)
    fulfilments.step(session, SYSTEM, order.id, StepEntry(status="failed", reason="Gate locked"))
    assert (order.amount_minor, to_pay(session, order)) == (43000, 45580 - 37100)
    invoice = invoice_for(session, order)
    assert (invoice.subtotal_minor, invoice.tax_minor, invoice.total_minor) == (43000, 2580, 45580)
    assert (invoice.status, invoice.paid_minor) == ("partially_paid", 37100)


def test_an_invoice_that_money_was_taken_for_is_not_voided(session, order):
    collect(session, order, "1.00")
    draft = session.scalars(select(RentalInvoice)).one()
    with pytest.raises(invoices.MoneyOnInvoice) as refused:
        invoices.void(session, SYSTEM, draft.id, "Wrong size")
    assert refused.value.message == "RM 1.00 was taken for this invoice: refund it instead"
    assert draft.status == "draft"


def test_nothing_is_collected_on_terms(session, order):
    with pytest.raises(PaidLater) as refused:
        collect(session, order, "371.00", "TERM")
    assert refused.value.code == "VALIDATION_ERROR"
    assert refused.value.details["field"] == "payment_method"
    assert (order.collected_minor, count(session, RentalPayment)) == (0, 0)


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_nothing_is_collected_for_an_order_that_is_not_official(session, taxed, state):
    order = make_delivery_order(session, draft=state == "draft")
    if state == "cancelled":
        delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    with pytest.raises(payments.NothingToCollect) as refused:
        collect(session, order, "1.00")
    assert refused.value.details == {"field": "status", "reason": f"is {state}"}
    assert count(session, RentalPayment) == 0


@pytest.mark.parametrize("method", list(PaymentMethod))
def test_every_method_pays_an_invoice_with_one_receipt(session, order, method):
    invoice = invoice_for(session, order)
    payment = pay(session, invoice, "371.00", method)
    receipt = session.scalars(select(RentalReceipt)).one()
    assert (payment.method, payment.receipt_number, invoice.status) == (method, "RCPT-2026-00001", "paid")
    assert (receipt.payment_id, receipt.receipt_number) == (payment.id, "RCPT-2026-00001")
    assert (receipt.content["amount_minor"], receipt.content["balance_minor"]) == (37100, 0)
    held = {"CASH": "office_cash", "EWALLET": "ewallet", "CHEQUE": "cheques"}.get(method, "bank")
    assert (balance(session, held), balance(session, "receivable")) == (37100, 0)


@pytest.mark.parametrize("state", ["draft", "voided"])
def test_only_an_issued_invoice_takes_money(session, order, state):
    draft = invoices.make_from_order(session, SYSTEM, order.id, issue_now=False)
    if state == "voided":
        invoices.void(session, SYSTEM, draft.id, "Wrong size")
    with pytest.raises(payments.InvoiceNotPayable) as refused:
        pay(session, draft, "1.00")
    assert refused.value.details == {"field": "status", "reason": f"is {state}"}
    assert (draft.paid_minor, count(session, RentalPayment)) == (0, 0)


def test_a_paid_invoice_takes_no_more(session, order):
    invoice = invoice_for(session, order)
    pay(session, invoice, "371.00")
    with pytest.raises(AmountExceedsBalance) as refused:
        pay(session, invoice, "0.01")
    assert refused.value.details["balance"] == Money(0)
    assert (invoice.status, invoice.paid_minor, count(session, RentalPayment)) == (
        InvoiceStatus.PAID,
        37100,
        1,
    )


@pytest.mark.parametrize(
    ("method", "account"), [("CASH", "driver_cash"), ("ONLINE", "bank"), ("CHEQUE", "cheques")]
)
def test_a_driver_answers_for_cash_only(session, order, method, account):
    payment = collect(session, order, "371.00", method)
    assert payment.driver_id == order.driver_id
    assert (balance(session, account), balance(session, "customer_credit")) == (37100, -37100)


def test_a_driver_takes_money_for_own_orders_only(api, session, order):
    stranger = api.as_(Role.DRIVER, subject_id=make_delivery_order(session).driver_id)
    answer = stranger.post(
        f"/v1/delivery-orders/{order.id}/receipt", json={"payment_method": "CASH", "amount": 1}
    )
    assert (answer.status_code, order.collected_minor) == (404, 0)


def test_the_office_does_not_take_money_on_site(session, order):
    office = make_actor(session, Role.ADMIN)
    with pytest.raises(Forbidden):
        payments.collect(session, office, order.id, CollectionEntry(payment_method="CASH", amount=1))
    assert (order.collected_minor, count(session, RentalPayment)) == (0, 0)
