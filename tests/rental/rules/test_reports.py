"""Periods of reports leave no day out and hold none twice; shares and hours are rounded once."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.rental.rules.reports import Granularity, fitting, hours, periods, place_of, share

DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 1))


@given(DAYS, st.integers(0, 400), st.sampled_from(Granularity))
def test_periods_follow_each_other_from_the_first_day_to_the_last(since, days, granularity):
    until = since + timedelta(days=days)
    found = periods(since, until, granularity)
    assert (found[0].from_on, found[-1].to_on) == (since, until)
    assert all(b.from_on - a.to_on == timedelta(days=1) for a, b in pairwise(found))
    assert len({each.name for each in found}) == len(found)
    starts = [each.from_on for each in found]
    assert all(place_of(each.to_on, starts) == place for place, each in enumerate(found))


def test_weeks_are_those_of_the_calendar_and_cut_at_the_ends():
    found = periods(date(2025, 12, 31), date(2026, 1, 6), Granularity.WEEKLY)
    assert [(each.name, each.from_on.day, each.to_on.day) for each in found] == [
        ("2026-W01", 31, 4),
        ("2026-W02", 5, 6),
    ]


@pytest.mark.parametrize(("days", "expected"), [(1, "daily"), (62, "daily"), (63, "weekly"), (370, "weekly"), (371, "monthly")])  # fmt: skip
def test_long_spans_have_long_periods(days, expected):
    assert fitting(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days - 1)) == expected


def test_shares_and_hours_are_rounded_half_up_to_one_decimal():
    assert [str(share(*each)) for each in ((1, 3), (2, 3), (1, 800), (0, 0))] == [
        "33.3",
        "66.7",
        "0.1",
        "0.0",
    ]
    assert [str(hours(seconds)) for seconds in (5_400, Decimal(180), 0)] == ["1.5", "0.1", "0.0"]
