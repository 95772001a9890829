"""Money: the contract's rules on reading, rounding, splitting and showing amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.money import InvalidAmount, Money, allocate, parse_money, round_half_up, zero

AMOUNTS = st.integers(-(10**14), 10**14)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(lambda weights: sum(weights) > 0)


@pytest.mark.parametrize(
    ("given_value", "minor"),
    [
        (350, 35000), (350.0, 35000), ("350.00", 35000), ("0.1", 10), (0.29, 29), (1.1, 110), ("-20", -2000),
        (Decimal("1.10"), 110), ("1e3", 100000), (" 7.5 ", 750), (0, 0), (1000000000000, 10**14),
    ],
)  # fmt: skip
def test_amounts_are_read_exactly(given_value: object, minor: int) -> None:
    assert parse_money(given_value) == Money(minor, "MYR")


@pytest.mark.parametrize(
    ("given_value", "reason"),
    [
        ("NaN", "must be a finite number"),
        (float("inf"), "must be a finite number"),
        ("-Infinity", "must be a finite number"),
        ("1.001", "must have at most 2 decimals"),
        (0.1 + 0.2, "must have at most 2 decimals"),
        ("1,350.00", "must be a number or a decimal string"),
        ("RM 5", "must be a number or a decimal string"),
        ("", "must be a number or a decimal string"),
        (None, "must be a number or a decimal string"),
        (True, "must be a number or a decimal string"),
        ([5], "must be a number or a decimal string"),
        ("12_50", "must be a number or a decimal string"),
        ("1e400", "is too large"),
        ("1000000000000.01", "is too large"),
        ("-1000000000000.01", "is too large"),
        ("1e-400", "must have at most 2 decimals"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(given_value: object, reason: str) -> None:
    with pytest.raises(InvalidAmount) as refused:
        parse_money(given_value)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1), ("-2.5", -3), ("-2.4", -2)],
)
def test_half_goes_away_from_zero(exact: str, rounded: int) -> None:
    assert round_half_up(Decimal(exact)) == rounded


@pytest.mark.parametrize(
    ("minor", "factor", "product"),
    [(35000, Decimal("0.06"), 2100), (333, Decimal("0.5"), 167), (1050, Decimal("1.25"), 1313), (-333, Decimal("0.5"), -167), (250, 3, 750)],
)  # fmt: skip
def test_a_product_is_rounded_once(minor: int, factor: Decimal | int, product: int) -> None:
    assert Money(minor).times(factor) == Money(product)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (10000, [1, 2], [3333, 6667]),
        (5, [0, 1, 0], [0, 5, 0]),
        (1, [1, 1], [1, 0]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (0, [3, 4], [0, 0]),
        (7, [3, 3, 1], [3, 3, 1]),
    ],
)
def test_a_split_gives_the_rest_to_the_largest_remainder(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert allocate(total, weights) == parts


@given(AMOUNTS, WEIGHTS)
def test_parts_always_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_whole_unit_away_from_its_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert part * total >= 0


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_a_split_needs_weights(weights: list[int]) -> None:
    with pytest.raises(InvalidAmount):
        allocate(100, weights)


@given(AMOUNTS)
def test_what_is_written_reads_back(minor: int) -> None:
    assert parse_money(str(Money(minor).decimal)) == Money(minor)


@given(AMOUNTS, AMOUNTS)
def test_arithmetic_is_exact(left: int, right: int) -> None:
    total = Money(left) + Money(right)
    assert (total - Money(right), -total) == (Money(left), Money(-(left + right)))
    assert (Money(left) < Money(right)) == (left < right)
    assert (Money(left) >= Money(right)) == (left >= right)
    assert bool(total) == (left + right != 0)


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_currencies_never_mix(operation: str) -> None:
    with pytest.raises(InvalidAmount):
        getattr(Money(1, "MYR"), operation)(Money(1, "EUR"))


@pytest.mark.parametrize(
    ("money", "text", "figures"),
    [
        (Money(135000), "RM 1,350.00", "1,350.00"),
        (Money(-2000), "−RM 20.00", "−20.00"),
        (Money(5, "EUR"), "€ 0.05", "0.05"),
        (Money(123456789, "CHF"), "CHF 1,234,567.89", "1,234,567.89"),
        (zero(), "RM 0.00", "0.00"),
    ],
)
def test_amounts_as_people_read_them(money: Money, text: str, figures: str) -> None:
    assert (str(money), money.figures()) == (text, figures)
