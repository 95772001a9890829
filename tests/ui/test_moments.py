"""Spans of days as headings, and a greeting by the business's clock."""

from datetime import UTC, date, datetime

import pytest

from lattis_app.ui.moments import greeting, span


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16 – 22 Nov 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 Nov – 6 Dec 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 – 3 Jan 2027"),
        (date(2026, 11, 16), date(2026, 11, 16), "16 Nov 2026"),
    ],
)
def test_a_span_says_month_and_year_once(since, until, text):
    assert span(since, until) == text


@pytest.mark.parametrize(
    ("hour", "words"), [(1, "Good morning, Nurul"), (6, "Good afternoon, Nurul"), (11, "Good evening, Nurul")]
)
def test_the_greeting_follows_the_business_clock(clock, hour, words):
    clock.set(datetime(2026, 3, 16, hour, 0, tzinfo=UTC))
    assert greeting("Nurul Aina") == words
