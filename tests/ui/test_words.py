import pytest

from lattis_app.core.money import Money
from lattis_app.ui.badges import tones, words
from lattis_app.ui.frame_facts import initials, role_words
from lattis_app.ui.kpis import compare
from lattis_app.ui.money import amount, figures, share


@pytest.mark.parametrize(
    ("name", "letters"), [("Nurul Aina", "NA"), ("Ahmad bin Rahman", "AR"), ("Lim", "LI"), ("", "?")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_statuses_and_roles_are_words() -> None:
    assert words("partially_paid") == "Partially paid"
    assert role_words("SALES_MANAGER") == "Sales manager"


def test_a_status_the_table_does_not_name_is_neutral() -> None:
    assert tones({"paid": "ok"}, "paid") == "ok"
    assert tones({"paid": "ok"}, "odd") == "neutral"


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        (1124, 1000, "▲ 12.4 %"),
        (970, 1000, "▼ 3.0 %"),
        (1000, 1000, "No change"),
        (5, 0, "New"),
        (0, 0, "No change"),
    ],
)
def test_a_figure_is_compared_in_words(now: int, before: int, change: str) -> None:
    assert compare(now, before) == change


def test_money_is_text_with_a_real_minus() -> None:
    assert amount(Money(-10000)) == "−RM 100.00"
    assert figures(Money(123456)) == "1,234.56"
    assert (amount(None), figures(None)) == ("–", "–")
    assert share(Money(8200), Money(10000)) == "82 %"
    assert share(Money(1), Money(0)) == "–"
