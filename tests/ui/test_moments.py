"""Spans of days as headings."""

from datetime import date

import pytest

from lattis_app.ui.moments import span


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16 – 22 Nov 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 Nov – 6 Dec 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 – 3 Jan 2027"),
    ],
)
def test_a_span_says_month_and_year_once(since, until, text):
    assert span(since, until) == text
