"""What each event does to the books: always balanced, always in the right drawer."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.money import Money
from lattis_app.rental.rules import postings
from lattis_app.rental.statuses import PaymentMethod, PayoutMethod

PARTY, DRIVER, COMMISSION = uuid4(), uuid4(), uuid4()
AMOUNTS = st.integers(1, 10**12)


def lines(posted):
    return {(each.account, each.party_id, each.holder_id): each.amount.minor for each in posted}


@pytest.mark.parametrize(
    ("method", "account"),
    [
        ("CASH", "office_cash"),
        ("ONLINE", "bank"),
        ("CDM", "bank"),
        ("TERM", "bank"),
        ("EWALLET", "ewallet"),
        ("CHEQUE", "cheques"),
    ],
)
@pytest.mark.parametrize(("on_invoice", "other"), [(True, "receivable"), (False, "customer_credit")])
def test_money_in_the_office_goes_where_its_method_says(method, account, on_invoice, other):
    posted = postings.payment_received(PARTY, Money(37100), PaymentMethod(method), None, on_invoice)
    assert lines(posted) == {(account, None, None): 37100, (other, PARTY, None): -37100}


@pytest.mark.parametrize("method", [method for method in PaymentMethod if method != "TERM"])
def test_a_driver_holds_cash_and_nothing_else(method):
    posted = postings.payment_received(PARTY, Money(100), method, DRIVER, True)
    held = ("driver_cash", None, DRIVER) if method == "CASH" else (postings.HELD_IN[method], None, None)
    assert lines(posted) == {held: 100, ("receivable", PARTY, None): -100}


def test_an_invoice_is_owed_with_its_tax():
    posted = postings.invoice_issued(PARTY, Money(35000), Money(2100))
    assert lines(posted) == {
        ("receivable", PARTY, None): 37100,
        ("sales", None, None): -35000,
        ("tax_payable", None, None): -2100,
    }


@pytest.mark.parametrize(
    ("method", "account"),
    [("BANK_TRANSFER", "bank"), ("CASH", "office_cash"), ("CHEQUE", "cheques"), ("EWALLET", "ewallet")],
)
def test_a_commission_is_owed_and_then_paid_out(method, account):
    owed = postings.commission_approved(Money(5000), COMMISSION)
    paid = postings.commission_paid(Money(5000), COMMISSION, PayoutMethod(method))
    payable = ("commission_payable", None, COMMISSION)
    assert lines(owed) == {("commission_expense", None, None): 5000, payable: -5000}
    assert lines(paid) == {payable: 5000, (account, None, None): -5000}


@given(subtotal=AMOUNTS, tax=st.integers(0, 10**12), method=st.sampled_from(PaymentMethod))
def test_every_posting_adds_up_to_nothing(subtotal, tax, method):
    amount = Money(subtotal)
    for posted in (
        postings.invoice_issued(PARTY, amount, Money(tax)),
        postings.payment_received(PARTY, amount, method, DRIVER, False),
        postings.payment_applied(PARTY, amount),
        postings.commission_approved(amount, COMMISSION),
        postings.commission_paid(amount, COMMISSION, PayoutMethod.CASH),
    ):
        assert sum(each.amount.minor for each in posted) == 0
