"""Weeks in Europe/Skopje: worked examples, and twenty years of Mondays against the calendar and the zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.marketplace.rules.numbers import code_of, invoice_number
from lattis_app.marketplace.rules.weeks import (
    ZONE,
    Week,
    days_overdue,
    due_on,
    last_ended,
    parse_week,
    week_at,
    week_of,
)

SKOPJE = ZoneInfo("Europe/Skopje")
FIRST = date(2020, 1, 6)
MONDAYS = [FIRST + timedelta(weeks=number) for number in range(20 * 52 + 5)]


@pytest.mark.parametrize(
    ("monday", "text", "starts_at", "hours"),
    [
        (date(2026, 11, 16), "2026-47", "2026-11-15T23:00:00+00:00", 168),
        (date(2026, 3, 23), "2026-13", "2026-03-22T23:00:00+00:00", 167),
        (date(2026, 10, 19), "2026-43", "2026-10-18T22:00:00+00:00", 169),
        (date(2026, 12, 28), "2026-53", "2026-12-27T23:00:00+00:00", 168),
        (date(2027, 1, 4), "2027-01", "2027-01-03T23:00:00+00:00", 168),
        (date(2024, 12, 30), "2025-01", "2024-12-29T23:00:00+00:00", 168),
    ],
)
def test_a_week_begins_on_monday_midnight_in_skopje_also_when_clocks_change_and_at_new_year(
    monday: date, text: str, starts_at: str, hours: int
) -> None:
    week = Week(monday)
    assert week.text == text
    assert week.starts_at.isoformat() == starts_at
    assert (week.ends_at - week.starts_at) / timedelta(hours=1) == hours


@pytest.mark.parametrize("monday", MONDAYS[::52], ids=str)
def test_twenty_years_of_mondays_agree_with_zoneinfo_and_isocalendar(monday: date) -> None:
    for number in range(52):
        day = monday + timedelta(weeks=number)
        week = Week(day)
        local = week.starts_at.astimezone(SKOPJE)
        assert (local.date(), local.hour, local.minute, local.second) == (day, 0, 0, 0)
        assert week.ends_at == week.following.starts_at
        assert week.following.before == week
        assert week.text == f"{day.isocalendar().year}-{day.isocalendar().week:02}"
        assert {week_of(day + timedelta(days=each)) for each in range(7)} == {week}
        assert week_at(week.starts_at) == week
        assert week_at(week.starts_at - timedelta(microseconds=1)) == week.before
        assert week_at(week.ends_at - timedelta(microseconds=1)) == week
        assert last_ended(week.ends_at) == week
        assert last_ended(week.ends_at - timedelta(seconds=1)) == week.before
        assert parse_week(week.text) == week
        assert invoice_number(week, "ABCD") == f"INV-{week.text}-ABCD"


@given(st.integers(1_577_836_800, 2_208_988_800))
def test_every_moment_falls_in_exactly_one_week(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    week = week_at(moment)
    assert week.starts_at <= moment < week.ends_at


def test_only_a_monday_begins_a_week() -> None:
    with pytest.raises(ValueError, match="2026-11-17 is no Monday"):
        Week(date(2026, 11, 17))
    assert ZONE == "Europe/Skopje"


@pytest.mark.parametrize("text", ["2026-54", "2026-00", "tomorrow", "", "2026-13-40", "26-1", "2026-1"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_week(text)


@pytest.mark.parametrize(
    ("generated_on", "days", "expected"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 27)),
        (date(2026, 11, 23), 4, date(2026, 11, 26)),
        (date(2026, 11, 23), 3, date(2026, 11, 25)),
        (date(2026, 11, 25), 3, date(2026, 11, 25)),
        (date(2026, 11, 26), 3, date(2026, 12, 2)),
        (date(2026, 11, 27), 5, date(2026, 11, 27)),
        (date(2026, 11, 28), 5, date(2026, 12, 4)),
        (date(2026, 12, 28), 5, date(2027, 1, 1)),
    ],
)
def test_an_invoice_is_due_on_that_day_of_the_week_it_is_generated_in(
    generated_on: date, days: int, expected: date
) -> None:
    assert due_on(generated_on, days) == expected


def test_it_is_overdue_from_the_next_midnight() -> None:
    friday = date(2026, 11, 27)
    assert [days_overdue(friday, friday + timedelta(days=each)) for each in (-1, 0, 1, 3)] == [0, 0, 1, 3]


def test_testing_scenario_11_invoice_number_format() -> None:
    assert invoice_number(Week(date(2026, 11, 16)), "ABCD") == "INV-2026-47-ABCD"
    assert invoice_number(Week(date(2026, 11, 16)), "ABCD", 2) == "INV-2026-47-ABCD-R2"
    assert invoice_number(Week(date(2026, 12, 28)), "ABCD") == "INV-2026-53-ABCD"


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Ohrid Pearls", set(), "OHRI"),
        ("Ohrid Pearls", {"OHRI", "OHRI2"}, "OHRI3"),
        ("Čaršija & Co", set(), "CARS"),
        ("Продавница", set(), "XX"),
        ("7", {"7X"}, "7X2"),
    ],
)
def test_a_seller_gets_a_free_code_from_the_store_name(name: str, taken: set[str], code: str) -> None:
    assert code_of(name, taken) == code
