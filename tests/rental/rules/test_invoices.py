"""Totals, due dates and settlements: the worked numbers of docs/domains/rental.md, and what must always hold."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lattis_app.core.money import Money
from lattis_app.rental.rules.delivery_orders import line_total
from lattis_app.rental.rules.invoices import (
    AmountExceedsBalance,
    AmountNotPositive,
    PaidLater,
    due_on,
    require_handed_over,
    settle,
    totals,
)
from lattis_app.rental.statuses import InvoiceStatus, PaymentMethod

AMOUNTS = st.integers(0, 10**10)
RATES = st.decimals(0, 1, places=4)


def money(minor):
    return Money(minor, "MYR")


@pytest.mark.parametrize(
    ("quantity", "price", "total"),
    [
        ("1", 35000, 35000),
        ("2.5", 12050, 30125),
        ("0.333", 100, 33),
        ("0.005", 100, 1),
        ("0.004", 100, 0),
        ("1.005", 100, 101),
        ("3", 0, 0),
    ],
)
def test_a_line_is_quantity_times_price_rounded_half_up(quantity, price, total):
    assert line_total(Decimal(quantity), money(price)) == money(total)


@pytest.mark.parametrize(
    ("lines", "rate", "subtotal", "tax", "total"),
    [
        ([35000], "0", 35000, 0, 35000),
        ([35000], "0.06", 35000, 2100, 37100),
        ([35000], "0.08", 35000, 2800, 37800),
        ([30125, 4999], "0.06", 35124, 2107, 37231),
        ([25], "0.06", 25, 2, 27),
        ([24], "0.06", 24, 1, 25),
        ([8, 8, 8], "0.0625", 24, 2, 26),
        ([1, 1, 1], "0.1667", 3, 1, 4),
        ([], "0.06", 0, 0, 0),
    ],
)
def test_tax_is_taken_once_from_the_subtotal_and_rounded_half_up(lines, rate, subtotal, tax, total):
    sums = totals([money(line) for line in lines], Decimal(rate), "MYR")
    assert (sums.subtotal.minor, sums.tax.minor, sums.total.minor) == (subtotal, tax, total)


@given(lines=st.lists(AMOUNTS, max_size=20), rate=RATES)
def test_the_parts_of_an_invoice_add_up_to_the_whole(lines, rate):
    sums = totals([money(line) for line in lines], rate, "MYR")
    assert sums.subtotal.minor == sum(lines)
    assert sums.total == sums.subtotal + sums.tax
    assert abs(sums.tax.minor - Decimal(sum(lines)) * rate) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("method", "terms", "due"),
    [
        ("TERM", 30, date(2026, 4, 15)),
        ("TERM", 0, date(2026, 3, 16)),
        ("TERM", 14, date(2026, 3, 30)),
        ("CASH", 30, date(2026, 3, 16)),
        ("ONLINE", 30, date(2026, 3, 16)),
        ("CDM", 30, date(2026, 3, 16)),
        ("EWALLET", 30, date(2026, 3, 16)),
        ("CHEQUE", 30, date(2026, 3, 16)),
    ],
)
def test_only_an_order_on_terms_is_due_later(method, terms, due):
    assert due_on(PaymentMethod(method), terms, date(2026, 3, 16)) == due


@pytest.mark.parametrize(
    ("paid", "incoming", "balance", "status"),
    [
        (0, 37100, 0, "paid"),
        (0, 1, 37099, "partially_paid"),
        (37099, 1, 0, "paid"),
        (10000, 10000, 17100, "partially_paid"),
    ],
)
def test_a_payment_leaves_an_invoice_partially_paid_or_paid(paid, incoming, balance, status):
    left = settle(money(37100), money(paid), money(incoming))
    assert (left.paid.minor, left.balance.minor, left.status) == (paid + incoming, balance, status)


@pytest.mark.parametrize(
    ("incoming", "error"), [(0, AmountNotPositive), (-1, AmountNotPositive), (17101, AmountExceedsBalance)]
)
def test_what_cannot_be_received_is_refused_with_the_balance(incoming, error):
    with pytest.raises(error) as refused:
        settle(money(37100), money(20000), money(incoming))
    assert (refused.value.details["field"], refused.value.details["balance"]) == ("amount", Money(17100))


@given(total=st.integers(1, 10**10), payments=st.lists(st.integers(1, 10**9), max_size=12))
def test_payments_never_exceed_the_total_and_always_leave_the_difference(total, payments):
    paid = money(0)
    for payment in payments:
        assume(paid.minor < total)
        incoming = money(min(payment, total - paid.minor))
        left = settle(money(total), paid, incoming)
        assert left.paid == paid + incoming
        assert left.paid + left.balance == money(total)
        assert (left.status is InvoiceStatus.PAID) == (left.balance.minor == 0)
        paid = left.paid


@pytest.mark.parametrize("method", [method for method in PaymentMethod if method != "TERM"])
def test_money_changes_hands_on_site_by_every_method_but_term(method):
    assert require_handed_over(method) is method


def test_nothing_is_handed_over_on_terms():
    with pytest.raises(PaidLater) as refused:
        require_handed_over(PaymentMethod.TERM)
    assert refused.value.details["field"] == "payment_method"
