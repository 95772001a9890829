"""Fees of an order and sums of a week, in integer minor units."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.money import Money
from lattis_app.marketplace.rules.fees import RATE, fees_of, in_currency, totals_of
from lattis_app.marketplace.rules.postings import invoice_generated, invoice_paid

PERCENTS = st.decimals(0, 100, places=2)
MINORS = st.integers(1, 10**11)


@pytest.mark.parametrize(
    ("price", "platform", "affiliate", "owed"),
    [
        (("123000", "MKD"), ("10", "12300"), ("5", "6150"), "18450"),
        (("2000", "EUR"), ("10", "200"), (None, "0"), "200"),
        (("5", "EUR"), ("10", "1"), (None, "0"), "1"),
        (("4", "EUR"), ("10", "0"), ("10", "0"), "0"),
        (("15", "MKD"), ("10", "2"), ("10", "2"), "4"),
        (("99999", "MKD"), ("12.50", "12500"), ("2.25", "2250"), "14750"),
    ],
)
def test_what_is_owed_for_an_order_is_rounded_half_up_per_fee(price, platform, affiliate, owed) -> None:
    amount = Money(int(price[0]), price[1])
    given_ = Decimal(affiliate[0]) if affiliate[0] else None
    fees = fees_of(amount, Decimal(platform[0]), given_)
    assert (fees.platform.minor, fees.affiliate.minor, fees.owed.minor) == (
        int(platform[1]),
        int(affiliate[1]),
        int(owed),
    )
    assert fees.owed.currency == price[1]


@pytest.mark.parametrize(
    ("mkd", "eur", "base", "rate", "total"),
    [
        (18_450, 200, "MKD", "61.50", 18_450 + 12_300),
        (18_450, 200, "EUR", "61.50", 200 + 300),
        (0, 1, "MKD", "61.505", 62),
        (31, 0, "EUR", "61.50", 1),
        (30, 0, "EUR", "61.50", 0),
    ],
)
def test_both_currencies_add_up_exactly_and_are_converted_once(
    mkd: int, eur: int, base: str, rate: str, total: int
) -> None:
    totals = totals_of([Money(mkd, "MKD"), Money(eur, "EUR")], base, Decimal(rate))
    assert (totals.mkd.minor, totals.eur.minor) == (mkd, eur)
    assert totals.base == Money(total, base)


@given(st.lists(st.tuples(MINORS, st.sampled_from(["MKD", "EUR"]), PERCENTS, PERCENTS), max_size=20))
def test_sums_are_the_sums_of_their_parts(orders) -> None:
    fees = [fees_of(Money(minor, currency), one, other) for minor, currency, one, other in orders]
    totals = totals_of([each.owed for each in fees], "MKD", RATE)
    for currency, total in (("MKD", totals.mkd), ("EUR", totals.eur)):
        parts = [each for each in fees if each.owed.currency == currency]
        assert total.minor == sum(each.platform.minor + each.affiliate.minor for each in parts)
        assert all(each.platform.minor >= 0 and each.affiliate.minor >= 0 for each in parts)
    assert totals.base.minor == totals.mkd.minor + in_currency(totals.eur, "MKD", RATE).minor


@given(MINORS, MINORS)
def test_postings_add_up_to_zero(platform: int, affiliate: int) -> None:
    party = UUID(int=1)
    lines = invoice_generated(party, Money(platform, "EUR"), Money(affiliate, "EUR"))
    assert sum(line.amount.minor for line in lines) == 0
    assert sum(line.amount.minor for line in invoice_paid(party, Money(platform, "MKD"))) == 0
