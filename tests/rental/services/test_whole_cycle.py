"""The whole cycle of a bin, a hand-over of its cash, and a refund after the commission was paid, to the sen."""

from decimal import Decimal

from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.ledger.documents.statements import kind_in_words
from lattis_app.ledger.models import LedgerEntry
from lattis_app.ledger.queries import checks, statements
from lattis_app.ledger.schemas.statements import StatementFilters
from lattis_app.rental.models import RentalBin, RentalCommission, RentalPayment
from lattis_app.rental.queries import dashboard, driver_cash
from lattis_app.rental.queries import invoices as invoice_queries
from lattis_app.rental.schemas.bins import MovementEntry
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderEntry
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.schemas.invoices import (
    CollectionEntry,
    CommissionApproval,
    CommissionPayout,
    InvoiceFilters,
    PaymentEntry,
)
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import (
    bins,
    bookings,
    commissions,
    delivery_orders,
    hand_overs,
    invoices,
    payments,
    refunds,
)
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, order_payload, set_business
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry

E, K, P = columns(LedgerEntry), columns(RentalCommission), columns(RentalPayment)


def balances(session):
    sums = session.execute(select(E.account, func.sum(E.amount_minor)).group_by(E.account))
    return {account: int(total) for account, total in sums if total}


def statement_of(session, customer):
    return statements.find(session, SYSTEM, customer.party_id, StatementFilters())


def in_words(statement):
    """A statement as it would be read aloud."""
    head = f"{statement.party_name}, {statement.currency}, until {statement.to_on}"
    lines = [
        f"{line.date}  {kind_in_words(line.kind):<18} {line.document:<16} {line.debit / 100:>9.2f} "
        f"{line.credit / 100:>9.2f} {line.balance / 100:>9.2f}"
        for line in statement.lines
    ]
    total = f"{'':30}{'':17} {statement.debits / 100:>9.2f} {statement.credits / 100:>9.2f} {statement.closing / 100:>9.2f}"
    return "\n".join([head, *lines, total])


def book_and_issue(session, customer, driver, lorry, bin_):
    """Booked, assigned and issued: 350.00 and 6 % tax, introduced by Mdm Chew."""
    booking = make_booking(session, customer_id=customer.id)
    bookings.confirm(session, SYSTEM, booking.id)
    session.flush()
    choice = AssignmentEntry(driver_id=driver.id, lorry_id=lorry.id)
    bookings.assign(session, SYSTEM, booking.id, choice)
    session.flush()
    payload = order_payload(
        session,
        customer_id=customer.id,
        inventory_bin_id=bin_.id,
        driver_id=driver.id,
        lorry_id=lorry.id,
        booking_id=booking.id,
        introducer_name="Mdm Chew",
    )
    order = delivery_orders.create(session, SYSTEM, DeliveryOrderEntry.model_validate(payload))
    session.flush()
    return booking, order


def earn_and_pay_commission(session, order):
    commissions.mark_eligible(session, SYSTEM, order.id)
    agreed = commissions.approve(session, SYSTEM, order.id, CommissionApproval(amount="37.00"))
    session.flush()
    commissions.pay(session, SYSTEM, agreed.id, CommissionPayout(payment_method="BANK_TRANSFER"))
    session.flush()


def refund(session, invoice, amount):
    entry = RefundEntry(target_type="INVOICE", target_id=invoice.id, reason="Wrong bin size", amount=amount)
    asked = refunds.request(session, SYSTEM, entry)
    session.flush()
    refunds.approve(session, SYSTEM, asked.id)
    session.flush()
    refunds.process(session, SYSTEM, asked.id, RefundPayout())
    session.flush()
    return asked


def test_the_whole_cycle_and_a_refund_after_the_commission_was_paid(session, clock, capsys):
    set_business(session, sst_rate=Decimal("0.06"))
    customer, driver = make_customer(session), make_driver(session, name="Ahmad Rahman")
    lorry, bin_ = make_lorry(session), make_bin(session)

    # booked, driven, and 200.00 of the 371.00 taken in cash on site
    booking, order = book_and_issue(session, customer, driver, lorry, bin_)
    drive(session, order, "delivered")
    cash = CollectionEntry(payment_method="CASH", amount="200.00")
    payments.collect(session, SYSTEM, order.id, cash)
    session.flush()
    assert balances(session) == {"driver_cash": 20000, "customer_credit": -20000}

    # invoiced, the rest paid by transfer, the bin fetched: everything closes
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    rest = PaymentEntry(method="ONLINE", amount="171.00", reference="TXN-1")
    payments.record(session, SYSTEM, invoice.id, rest)
    session.flush()
    drive(session, order, "done")
    bins.move(session, SYSTEM, bin_.id, MovementEntry.model_validate({"movement_type": "IN"}))
    session.flush()
    assert (booking.status, order.status, invoice.status) == ("fulfilled", "closed", "closed")
    assert session.get(RentalBin, bin_.id).status == "in_warehouse"

    # the introducer is paid, and the driver hands over 195.00 of the 200.00
    earn_and_pay_commission(session, order)
    entry = HandOverEntry(counted="195.00", expected="200.00", note="Change given at the gate")
    counted = hand_overs.count(session, SYSTEM, driver.id, entry)
    hand_overs.sign_off(session, SYSTEM, counted.id)
    session.flush()
    before = {
        "bank": 17100 - 3700,
        "office_cash": 19500,
        "cash_over_short": 500,
        "commission_expense": 3700,
        "sales": -35000,
        "tax_payable": -2100,
    }
    assert balances(session) == before

    # a fifth is refunded: the transfer first, for it came last
    clock.advance(days=3)
    first = refund(session, invoice, "74.20")
    assert (first.tax_minor, invoice.status, invoice.paid_minor, invoice.refunded_minor) == (
        420,
        "closed",
        37100,
        7420,
    )
    assert balances(session) == before | {
        "bank": 17100 - 3700 - 7420,
        "sales_returns": 7000,
        "tax_payable": -2100 + 420,
        "commission_expense": 3700 - 740,
        "commission_payable": 740,
    }

    # and the rest of it: what the transfer has left, then cash, which the driver does not hold any more
    second = refund(session, invoice, "296.80")
    assert (second.tax_minor, invoice.refunded_minor) == (1680, 37100)
    lines = session.scalars(select(RentalCommission).order_by(K.created_at, K.amount_minor.desc())).all()
    assert [(line.status, line.amount_minor) for line in lines] == [
        ("paid", 3700),
        ("approved", -740),
        ("approved", -2960),
    ]
    for line in lines[1:]:
        settled = CommissionPayout(payment_method="BANK_TRANSFER", reference="Deducted")
        commissions.pay(session, SYSTEM, line.id, settled)
    session.flush()
    assert balances(session) == {
        "office_cash": 19500 - 20000,
        "cash_over_short": 500,
        "sales": -35000,
        "sales_returns": 35000,
    }

    # nobody owes or holds anything, and every module agrees with the books
    statement = statement_of(session, customer)
    with capsys.disabled():
        print(f"\n{in_words(statement)}")  # noqa: T201 — the statement is this test's report
    assert [(line.kind, line.debit, line.credit, line.balance) for line in statement.lines] == [
        ("payment.received", 0, 20000, -20000),
        ("invoice.issued", 37100, 0, 17100),
        ("payment.received", 0, 17100, 0),
        ("refund.credited", 0, 7420, -7420),
        ("refund.paid", 7420, 0, 0),
        ("refund.credited", 0, 29680, -29680),
        ("refund.paid", 29680, 0, 0),
    ]
    ageing = statement.ageing
    assert (statement.closing, ageing.current, ageing.days_1_30, ageing.unapplied) == (0, 0, 0, 0)
    assert driver_cash.find(session, SYSTEM, driver.id).held == 0
    assert invoice_queries.summarise(session, SYSTEM, InvoiceFilters()).minor == 0
    figures = dashboard.summarise(session, SYSTEM, 30).figures
    assert (figures.sales, figures.collected, figures.outstanding) == (37100, 37100, 0)
    given_back = session.scalar(select(func.sum(P.refunded_minor)))
    assert (given_back, checks.check(session, SYSTEM).status) == (37100, "balanced")
