"""Which days bins are free on: worked examples, and what must hold for any fleet and any hires."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.rental.rules.availability import Hire, free_on, free_throughout, next_free

MONDAY = date(2026, 3, 16)


def day(number):
    return MONDAY + timedelta(days=number)


def hire(since, until):
    return Hire(day(since), None if until is None else day(until))


WEEK, FOREVER = hire(0, 7), hire(0, None)


@pytest.mark.parametrize(
    ("bins", "hires", "on", "free"),
    [
        (2, [], 0, 2),
        (2, [WEEK], 0, 1),
        (2, [WEEK], 6, 1),
        (2, [WEEK], 7, 2),
        (2, [WEEK, FOREVER], 3, 0),
        (2, [WEEK, FOREVER], 400, 1),
        (1, [WEEK, WEEK], 0, 0),
        (0, [], 0, 0),
    ],
)
def test_a_bin_is_away_from_its_first_day_to_the_day_before_it_is_back(bins, hires, on, free):
    assert free_on(bins, hires, day(on)) == free


@pytest.mark.parametrize(
    ("bins", "hires", "since", "until", "fits"),
    [
        (1, [], 0, 7, True),
        (1, [hire(7, 14)], 0, 7, True),
        (1, [hire(6, 14)], 0, 7, False),
        (1, [hire(-7, 0)], 0, 7, True),
        (1, [hire(-7, 1)], 0, 7, False),
        (2, [hire(0, 3), hire(3, 7)], 0, 7, True),
        (2, [hire(0, 4), hire(3, 7)], 0, 7, False),
        (0, [], 0, 1, False),
    ],
)
def test_a_hire_fits_when_a_bin_is_free_on_each_of_its_days(bins, hires, since, until, fits):
    assert free_throughout(bins, hires, day(since), day(until)) is fits


@pytest.mark.parametrize(
    ("bins", "hires", "days", "free"),
    [
        (1, [], 7, 0),
        (1, [WEEK], 1, 7),
        (1, [hire(0, 7), hire(9, 12)], 2, 7),
        (1, [hire(0, 7), hire(9, 12)], 3, 12),
        (1, [FOREVER], 1, None),
        (1, [hire(0, 7), hire(20, None)], 14, None),
        (2, [FOREVER, WEEK], 365, 7),
        (0, [], 1, None),
    ],
)
def test_the_next_free_day_is_the_first_on_which_the_whole_hire_fits(bins, hires, days, free):
    assert next_free(bins, hires, MONDAY, days) == (None if free is None else day(free))


SPANS = st.builds(
    lambda since, length: hire(since, None if length is None else since + length),
    st.integers(-10, 30),
    st.none() | st.integers(1, 15),
)
FLEETS = st.integers(0, 4)


@given(bins=FLEETS, hires=st.lists(SPANS, max_size=8), on=st.integers(-12, 50))
def test_free_and_taken_bins_never_exceed_the_fleet(bins, hires, on):
    away = sum(each.covers(day(on)) for each in hires)
    free = free_on(bins, hires, day(on))
    assert 0 <= free <= bins
    assert free + min(away, bins) == bins


@given(bins=FLEETS, wishes=st.lists(SPANS.filter(lambda each: each.until is not None), max_size=25))
def test_accepting_only_what_fits_never_promises_more_bins_than_exist(bins, wishes):
    accepted = []
    for wish in wishes:
        if free_throughout(bins, accepted, wish.since, wish.until):
            accepted.append(wish)
    for number in range(-12, 50):
        assert sum(each.covers(day(number)) for each in accepted) <= bins


@given(bins=FLEETS, hires=st.lists(SPANS, max_size=8), days=st.integers(1, 20))
def test_the_next_free_day_fits_and_no_earlier_day_does(bins, hires, days):
    found = next_free(bins, hires, MONDAY, days)

    def fits(start):
        return all(free_on(bins, hires, start + timedelta(days=each)) > 0 for each in range(days))

    earlier = (found - MONDAY).days if found else 80
    assert not any(fits(day(number)) for number in range(earlier))
    assert found is None or fits(found)
