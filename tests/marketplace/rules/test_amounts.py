"""Denars are shown without decimals unless there are some, euros always with two."""

import pytest

from lattis_app.marketplace.rules.amounts import amount, per_currency


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123_000, "MKD", "MKD 1,230"),
        (123_050, "MKD", "MKD 1,230.50"),
        (2_000, "EUR", "EUR 20.00"),
        (-1_500, "MKD", "−MKD 15"),
        (0, "MKD", "MKD 0"),
    ],
)
def test_an_amount_reads_as_in_its_country(minor: int, currency: str, text: str) -> None:
    assert amount(minor, currency) == text


def test_both_currencies_stand_beside_each_other_where_both_are_owed() -> None:
    assert per_currency(123_000, 2_000) == "MKD 1,230 + EUR 20.00"
    assert per_currency(0, 2_000) == "EUR 20.00"
    assert per_currency(0, 0) == "MKD 0"
