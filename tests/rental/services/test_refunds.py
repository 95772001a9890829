"""Refunds: never too much, the books at zero, an introducer's share, a driver's cash (contract: rental.md, "Refund")."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, InvalidTransition, NotFound
from lattis_app.core.events import EventRow
from lattis_app.core.money import Money
from lattis_app.core.pdf import Paper
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.ledger.queries import checks, statements
from lattis_app.ledger.schemas.statements import StatementFilters
from lattis_app.rental.models import RentalCommission, RentalCustomer, RentalRefund, RentalRefundPart
from lattis_app.rental.queries import delivery_orders as order_queries
from lattis_app.rental.queries import invoice_prints
from lattis_app.rental.queries import refunds as queries
from lattis_app.rental.rules.refunds import AmountExceedsRefundable
from lattis_app.rental.schemas.invoices import (
    CollectionEntry,
    CommissionApproval,
    CommissionPayout,
    PaymentEntry,
)
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import commissions, delivery_orders, invoices, payments, refunds
from lattis_app.rental.statuses import RefundTarget
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import make_delivery_order, set_business
from tests.rental.documents.printed import text_of

E, EV, R = columns(LedgerEntry), columns(EventRow), columns(RentalRefund)
K, G = columns(RentalCommission), columns(RentalRefundPart)
STAGES = ("pending", "approved", "processed")
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def order(session):
    """350.00 and 6 % tax: 371.00, introduced by John Referrer."""
    set_business(session, sst_rate=Decimal("0.06"))
    return make_delivery_order(session, introducer_name="John Referrer")


@pytest.fixture
def invoice(session, order):
    """371.00, all of it paid by transfer."""
    return paid_by(session, order, ("ONLINE", "371.00"))


def paid_by(session, order, *received):
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    for method, amount in received:
        payments.record(session, SYSTEM, invoice.id, PaymentEntry(method=method, amount=amount))
        session.flush()
    return invoice


def collect(session, order, amount, method="CASH"):
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method=method, amount=amount))
    session.flush()


def ask(session, target, amount, kind="INVOICE", reason="Overcharge due to incorrect bin size"):
    entry = RefundEntry(target_type=kind, target_id=target.id, reason=reason, amount=amount)
    refund = refunds.request(session, SYSTEM, entry)
    session.flush()
    return refund


def process(session, refund, method=None):
    if refund.status == "pending":
        refunds.approve(session, SYSTEM, refund.id)
        session.flush()
    refunds.process(session, SYSTEM, refund.id, RefundPayout(payment_method=method, reference="R-1"))
    session.flush()
    return refund


def refund_of(session, target, amount, kind="INVOICE", method=None):
    return process(session, ask(session, target, amount, kind), method)


def at(session, invoice, stage):
    """A refund of 50.00 that has come as far as this."""
    refund = ask(session, invoice, "50.00")
    if stage == "rejected":
        refunds.reject(session, SYSTEM, refund.id, "Nothing was wrong")
    if stage in STAGES[1:]:
        refunds.approve(session, SYSTEM, refund.id)
    session.flush()
    return process(session, refund) if stage == "processed" else refund


def books(session):
    sums = session.execute(select(E.account, func.sum(E.amount_minor)).group_by(E.account))
    return {account: int(total) for account, total in sums if total}


def agrees(session):
    return checks.check(session, SYSTEM).status == "balanced"


def refundable(session, target, kind=RefundTarget.INVOICE):
    return queries.refundable(session, SYSTEM, kind, target.id).refundable


def commission_of(session, order):
    rows = session.scalars(
        select(RentalCommission)
        .where(K.delivery_order_id == order.id)
        .order_by(K.created_at, K.amount_minor.desc())
    )
    return [(row.status, row.amount_minor) for row in rows]


def earn(session, order, amount="50.00", payout=False):
    made = commissions.approve(session, SYSTEM, order.id, CommissionApproval(amount=amount))
    session.flush()
    if payout:
        commissions.pay(session, SYSTEM, made.id, CommissionPayout(payment_method="BANK_TRANSFER"))
        session.flush()


def parts_of(session, refund):
    rows = session.execute(
        select(G.account, G.amount_minor, G.driver_id).where(G.refund_id == refund.id).order_by(G.account)
    )
    return [tuple(row) for row in rows]


def test_the_whole_way_leaves_the_invoice_settled_and_the_books_at_zero(session, order, invoice):
    before = books(session)
    refund = ask(session, invoice, "53.00")
    assert (refund.refund_number, refund.status, refund.customer_id) == (
        "RFND-2026-00001",
        "pending",
        order.customer_id,
    )
    assert books(session) == before
    process(session, refund)
    assert (refund.status, refund.tax_minor, refund.reference) == ("processed", 300, "R-1")
    assert (invoice.status, invoice.paid_minor, invoice.refunded_minor) == ("paid", 37100, 5300)
    assert invoice.total_minor - invoice.paid_minor == 0
    assert books(session) == {
        "bank": 37100 - 5300,
        "sales": -35000,
        "sales_returns": 5000,
        "tax_payable": -2100 + 300,
    }
    assert agrees(session)
    names = session.scalars(select(EV.name).where(EV.name.startswith("refund.")).order_by(EV.seq)).all()
    assert names == ["refund.requested", "refund.approved", "refund.processed"]


def test_the_statement_shows_what_was_credited_and_what_was_paid_back(session, order, invoice):
    refund = refund_of(session, invoice, "53.00")
    party_id = session.get(RentalCustomer, order.customer_id).party_id
    statement = statements.find(session, SYSTEM, party_id, StatementFilters())
    lines = [(line.kind, line.document, line.debit, line.credit, line.balance) for line in statement.lines]
    assert lines[2:] == [
        ("refund.credited", refund.refund_number, 0, 5300, -5300),
        ("refund.paid", refund.refund_number, 5300, 0, 0),
    ]
    assert (statement.closing, statement.ageing.current, statement.ageing.unapplied) == (0, 0, 0)


def test_the_printed_invoice_lists_what_was_given_back_and_not_what_was_only_asked_for(
    session, order, invoice
):
    refund = refund_of(session, invoice, "100.00")
    asked = ask(session, invoice, "5.00")

    for paper in Paper:
        printed = " ".join(text_of(invoice_prints.invoice(session, SYSTEM, invoice.id, paper).data).split())
        for words in (refund.refund_number, "−100.00", "Invoice after credits"):
            assert words in printed
        assert asked.refund_number not in printed


def test_a_refund_of_a_part_payment_leaves_what_is_owed_as_it_was(session, order):
    invoice = paid_by(session, order, ("ONLINE", "100.00"))
    refund_of(session, invoice, "100.00")
    assert (invoice.status, invoice.total_minor - invoice.paid_minor) == ("partially_paid", 27100)
    assert books(session)["receivable"] == 27100
    party_id = session.get(RentalCustomer, order.customer_id).party_id
    statement = statements.find(session, SYSTEM, party_id, StatementFilters())
    assert (statement.closing, statement.ageing.current) == (27100, 27100)
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="ONLINE", amount="271.00"))
    session.flush()
    assert (invoice.status, refundable(session, invoice)) == ("paid", 27100)
    assert agrees(session)


def test_never_more_than_was_paid_and_not_given_back_or_promised(session, invoice):
    refund_of(session, invoice, "100.00")
    promised = ask(session, invoice, "200.00")
    assert refundable(session, invoice) == 7100
    with pytest.raises(AmountExceedsRefundable) as refused, session.begin_nested():
        ask(session, invoice, "71.01")
    assert refused.value.details["refundable"] == Money(7100)
    assert refused.value.details["field"] == "amount"
    assert session.scalar(select(func.count()).select_from(RentalRefund)) == 2
    refunds.reject(session, SYSTEM, promised.id, "Asked for twice")
    session.flush()
    assert refundable(session, invoice) == 27100
    refund_of(session, invoice, "271.00")
    assert (refundable(session, invoice), invoice.refunded_minor) == (0, 37100)


def test_refunds_of_a_whole_invoice_give_back_exactly_its_tax(session, order, invoice):
    taxes = [refund_of(session, invoice, amount).tax_minor for amount in ("0.10", "123.45", "247.45")]
    assert sum(taxes) == invoice.tax_minor == 2100
    assert taxes == [1, 698, 1401]
    assert books(session) == {"sales": -35000, "sales_returns": 35000}
    assert agrees(session)


@pytest.mark.parametrize("stage", ["approved", "processed", "rejected"])
def test_only_a_pending_refund_is_approved_or_rejected(session, invoice, stage):
    refund = at(session, invoice, stage)
    before = books(session)
    for act in (
        lambda: refunds.approve(session, SYSTEM, refund.id),
        lambda: refunds.reject(session, SYSTEM, refund.id, "Too late"),
    ):
        with pytest.raises(InvalidTransition) as refused, session.begin_nested():
            act()
        assert refused.value.details["current"] == stage
    assert (refund.status, refund.rejection == "Too late", books(session)) == (stage, False, before)


@pytest.mark.parametrize("stage", ["pending", "processed", "rejected"])
def test_only_an_approved_refund_is_processed(session, invoice, stage):
    refund = at(session, invoice, stage)
    before = (books(session), invoice.refunded_minor)
    with pytest.raises(InvalidTransition) as refused, session.begin_nested():
        refunds.process(session, SYSTEM, refund.id, RefundPayout())
    assert refused.value.details["current"] == stage
    session.refresh(invoice)
    assert (refund.status, (books(session), invoice.refunded_minor)) == (stage, before)


def test_a_draft_a_voided_and_an_unpaid_invoice_have_nothing_to_refund(session, order):
    draft = invoices.make_from_order(session, SYSTEM, order.id, issue_now=False)
    session.flush()
    with pytest.raises(refunds.NothingToRefund) as refused:
        ask(session, draft, "1.00")
    assert refused.value.details["current"] == "draft"
    invoices.issue(session, SYSTEM, draft.id)
    session.flush()
    with pytest.raises(AmountExceedsRefundable):
        ask(session, draft, "0.01")
    invoices.void(session, SYSTEM, draft.id, "Wrong bin")
    session.flush()
    with pytest.raises(refunds.NothingToRefund):
        ask(session, draft, "1.00")
    with pytest.raises(NotFound):
        refunds.approve(session, SYSTEM, uuid4())
    assert session.scalar(select(func.count()).select_from(RentalRefund)) == 0


def test_money_taken_before_the_invoice_shrinks_the_customers_credit(session, order):
    collect(session, order, "200.00")
    refund = refund_of(session, order, "150.00", "DO")
    assert (refund.invoice_id, refund.tax_minor, order.collected_minor) == (None, 0, 5000)
    assert books(session) == {"driver_cash": 5000, "customer_credit": -5000}
    assert order_queries.find(session, SYSTEM, order.id).to_pay == 32100
    invoice = paid_by(session, order)
    assert (invoice.status, invoice.paid_minor, invoice.refunded_minor) == ("partially_paid", 5000, 0)
    assert books(session) == {
        "driver_cash": 5000,
        "receivable": 32100,
        "sales": -35000,
        "tax_payable": -2100,
    }
    assert (refundable(session, invoice), agrees(session)) == (5000, True)


def test_an_order_whose_money_was_given_back_can_be_cancelled(session, order):
    collect(session, order, "200.00")
    with pytest.raises(delivery_orders.NotCancellable), session.begin_nested():
        delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    refund_of(session, order, "200.00", "DO")
    delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    session.flush()
    assert (order.status, books(session), agrees(session)) == ("cancelled", {}, True)


def test_a_refund_asked_for_before_the_invoice_lessens_it_when_it_is_issued(session, order):
    collect(session, order, "371.00")
    refund = ask(session, order, "53.00", "DO")
    invoice = paid_by(session, order)
    assert (invoice.status, refundable(session, invoice)) == ("paid", 31800)
    process(session, refund)
    assert (refund.invoice_id, refund.tax_minor, invoice.refunded_minor) == (invoice.id, 300, 5300)
    assert (invoice.status, order.collected_minor) == ("paid", 37100)
    assert agrees(session)


def test_cash_comes_from_the_driver_as_far_as_they_hold_it_and_then_from_the_office(session, order):
    collect(session, order, "100.00")
    invoice = paid_by(session, order, ("CASH", "200.00"), ("EWALLET", "71.00"))
    first = refund_of(session, invoice, "300.00")
    assert parts_of(session, first) == [
        ("driver_cash", 2900, order.driver_id),
        ("ewallet", 7100, None),
        ("office_cash", 20000, None),
    ]
    assert {name: books(session).get(name, 0) for name in ("driver_cash", "office_cash", "ewallet")} == {
        "driver_cash": 7100,
        "office_cash": 0,
        "ewallet": 0,
    }
    assert agrees(session)


def test_a_method_that_is_named_pays_for_all_and_leaves_the_driver_alone(session, order):
    collect(session, order, "371.00")
    invoice = paid_by(session, order)
    refund = refund_of(session, invoice, "100.00", method="BANK_TRANSFER")
    assert (refund.payment_method, parts_of(session, refund)) == ("BANK_TRANSFER", [("bank", 10000, None)])
    assert (books(session)["driver_cash"], books(session)["bank"]) == (37100, -10000)
    assert agrees(session)


def test_an_approved_commission_shrinks_in_proportion(session, order, invoice):
    earn(session, order)
    refund_of(session, invoice, "106.00")
    assert commission_of(session, order) == [("approved", 5000 - 1429)]
    refund_of(session, invoice, "132.50")
    assert commission_of(session, order) == [("approved", 3571 - 1786)]
    assert (books(session)["commission_expense"], books(session)["commission_payable"]) == (1785, -1785)
    assert agrees(session)


def test_a_refund_of_the_whole_invoice_cancels_an_approved_commission(session, order, invoice):
    earn(session, order)
    refund_of(session, invoice, "371.00")
    assert commission_of(session, order) == [("cancelled", 5000)]
    assert books(session) == {"sales": -35000, "sales_returns": 35000}
    assert agrees(session)


@pytest.mark.parametrize(("amount", "status"), [("100.00", "eligible"), ("371.00", "cancelled")])
def test_a_commission_that_is_not_agreed_yet_goes_only_with_the_whole_invoice(
    session, order, invoice, amount, status
):
    commissions.mark_eligible(session, SYSTEM, order.id)
    session.flush()
    refund_of(session, invoice, amount)
    assert commission_of(session, order) == [(status, None)]


def test_a_commission_that_was_paid_gets_a_negative_line_that_is_settled_like_it(session, order, invoice):
    earn(session, order, payout=True)
    refund_of(session, invoice, "106.00")
    refund_of(session, invoice, "265.00")
    assert commission_of(session, order) == [("paid", 5000), ("approved", -1429), ("approved", -3571)]
    sums = books(session)
    assert ("commission_expense" in sums, sums["commission_payable"], sums["bank"]) == (False, 5000, -5000)
    assert agrees(session)
    for line in session.scalars(select(RentalCommission).where(K.amount_minor < 0)).all():
        commissions.pay(session, SYSTEM, line.id, CommissionPayout(payment_method="BANK_TRANSFER"))
    session.flush()
    assert books(session) == {"sales": -35000, "sales_returns": 35000}
    assert agrees(session)


def test_only_the_office_refunds(session, order, invoice):
    driver = make_actor(session, Role.DRIVER, order.driver_id)
    entry = RefundEntry(target_type="DO", target_id=order.id, reason="Overcharge", amount="1.00")
    with pytest.raises(Forbidden):
        refunds.request(session, driver, entry)
    assert session.scalar(select(func.count()).select_from(RentalRefund)) == 0


def test_nobody_is_named_as_introducer_of_an_invoice_that_was_given_back_whole(session):
    order = make_delivery_order(session)
    invoice = paid_by(session, order, ("ONLINE", "350.00"))
    refund = ask(session, invoice, "350.00")
    refunds.approve(session, SYSTEM, refund.id)
    refunds.process(session, SYSTEM, refund.id, RefundPayout())
    session.flush()
    with pytest.raises(commissions.InvoiceRefunded):
        entry = CommissionApproval(amount="50.00", introducer_name="Ali")
        commissions.approve(session, SYSTEM, order.id, entry)
    assert session.scalars(select(RentalCommission)).all() == []
