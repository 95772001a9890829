"""What is charged beyond an order's terms (contract: rental.md, "Money")."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.money import Money
from lattis_app.rental.rules.charges import Terms, extras, failed_trip

TERMS = Terms(included_days=7, per_day=Money(2500), included_kg=2000, per_tonne=Money(12000))
OUT = date(2026, 3, 2)


def owed(terms, weight_kg, days):
    found = extras(terms, weight_kg, OUT, OUT + timedelta(days=days))
    return [(str(each.kind), str(each.quantity), each.unit, each.amount.text()) for each in found]


@pytest.mark.parametrize(
    ("weight_kg", "days", "expected"),
    [
        (None, 7, []),
        (2000, 7, []),
        (2000, 0, []),
        (2001, 7, [("overweight", "0.001", "t", "RM 0.12")]),
        (2350, 7, [("overweight", "0.35", "t", "RM 42.00")]),
        (3000, 7, [("overweight", "1", "t", "RM 120.00")]),
        (1999, 8, [("overrun", "1", "day", "RM 25.00")]),
        (None, 10, [("overrun", "3", "days", "RM 75.00")]),
        (4500, 9, [("overweight", "2.5", "t", "RM 300.00"), ("overrun", "2", "days", "RM 50.00")]),
    ],
)
def test_weight_and_days_over_what_is_included_are_charged(weight_kg, days, expected):
    assert owed(TERMS, weight_kg, days) == expected


def test_half_a_sen_is_rounded_up():
    terms = Terms(7, Money(2500), 2000, Money(12500))
    assert owed(terms, 2018, 7) == [("overweight", "0.018", "t", "RM 2.25")]
    assert owed(Terms(7, Money(0), 0, Money(50)), 10, 0) == [("overweight", "0.01", "t", "RM 0.01")]


def test_what_costs_nothing_is_no_charge():
    free = Terms(0, Money(0), 0, Money(0))
    assert owed(free, 9000, 30) == []
    assert owed(Terms(0, Money(0), 0, Money(10)), 1, 0) == []
    assert failed_trip(Money(0)) is None


def test_a_drive_in_vain_costs_its_fee_once():
    extra = failed_trip(Money(9000))
    assert extra is not None
    assert (str(extra.kind), extra.description, extra.quantity, extra.amount) == (
        "failed_trip",
        "Failed trip",
        Decimal(1),
        Money(9000),
    )


@given(
    included=st.integers(0, 30),
    days=st.integers(0, 400),
    weight=st.integers(0, 50_000),
    included_kg=st.integers(0, 20_000),
)
def test_more_is_never_cheaper_and_nothing_is_negative(included, days, weight, included_kg):
    terms = Terms(included, Money(2500), included_kg, Money(12000))

    def total(kilos, stay):
        return sum(each.amount.minor for each in extras(terms, kilos, OUT, OUT + timedelta(days=stay)))

    assert 0 <= total(weight, days) <= total(weight + 1, days) <= total(weight + 1, days + 1)
