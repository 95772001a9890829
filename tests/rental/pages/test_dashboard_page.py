"""The dashboard of a company that has just begun, and of one at work."""

from datetime import UTC, datetime

import pytest

from lattis_app.rental.pages.dashboard import DashboardState
from tests.factories.rental_operations import make_bin, make_booking
from tests.ui.visits import signed_in, visit

TODAY = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def test_who_begins_is_told_what_to_add_first(office):
    seen = visit(DashboardState, office)
    assert [(each["word"], each["title"], each["href"]) for each in seen["alerts"]] == [
        ("Add", "Your bins", "/rental/bins"),
        ("Add", "Your lorries", "/rental/lorries"),
        ("Add", "Your drivers", "/rental/drivers"),
        ("Add", "Your customers", "/rental/customers"),
    ]


def test_who_has_bins_is_told_what_needs_them(session, office):
    make_bin(session)
    make_booking(session, scheduled_at=TODAY)
    seen = visit(DashboardState, office)
    assert [(each["word"], each["title"], each["href"]) for each in seen["alerts"]] == [
        ("No driver", "1 booking", "/rental/assignment")
    ]
