"""What a browser may send to the pages of the office: nothing forged, and nothing of a stranger's, changes anything."""

from enum import StrEnum
from typing import Any, get_origin

import pytest

from lattis_app.identity.permissions import Role
from lattis_app.rental.pages.assignment import Dispatch
from lattis_app.rental.pages.availability import Availability
from lattis_app.rental.pages.bins import Bins
from lattis_app.rental.pages.bookings import Bookings
from lattis_app.rental.pages.calendar import Calendar
from lattis_app.rental.pages.customers import Customers
from lattis_app.rental.pages.dashboard import DashboardState
from lattis_app.rental.pages.drivers import Drivers
from lattis_app.rental.pages.lorries import Lorries
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_booking
from tests.ui.visits import everything, handlers_of, signed_in, visit

PAGES = (Bookings, Dispatch, Calendar, Availability, Bins, Lorries, Drivers, Customers, DashboardState)
OWN = {
    "rows",
    "record",
    "lanes",
    "takers",
    "sizes",
    "jobs",
    "alerts",
    "events",
    "movements",
}
FORGED = (None, ["x"], {"x": {"y": 1}}, "\x00", -1)
NOTHING = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
ROUND = ("load", "go_to_page", "keep_view", "forget_view")
"""Events that keep or show only what is the sender's own."""


def plausible(types: dict[str, Any]) -> dict[str, Any]:
    """Arguments of the right types that name nothing."""
    return {name: _nothing(get_origin(kind) or kind) for name, kind in types.items()}


def _nothing(kind: Any) -> Any:
    known = {int: 1, bool: True, list: [], dict: {"reason": "Because", "id": NOTHING}}
    return str(next(iter(kind))) if issubclass(kind, StrEnum) else known.get(kind, NOTHING)


def events_of(page: Any, make: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(name, make(types)) for name, types in handlers_of(page) if name not in ROUND]


@pytest.fixture(autouse=True)
def some_business(session, clock):
    make_delivery_order(session)
    make_booking(session)


@pytest.mark.parametrize("page", PAGES)
def test_events_with_forged_arguments_change_nothing(session, page):
    cookie = signed_in(session)
    before = everything(session)
    forged = [event for value in FORGED for event in events_of(page, lambda t, v=value: dict.fromkeys(t, v))]
    visit(page, cookie, *[event for event in forged if event[1]])
    assert everything(session) == before


@pytest.mark.parametrize("page", PAGES)
def test_events_that_name_nothing_change_nothing_and_break_nothing(session, page):
    cookie = signed_in(session)
    before = everything(session)
    for event in events_of(page, plausible):
        assert "went wrong" not in visit(page, cookie, event).said, event[0]
    assert everything(session) == before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [Role.DRIVER, Role.VIEWER, Role.SUPER_ADMIN, None])
def test_a_stranger_sees_nothing_and_changes_nothing(session, page, who):
    cookie = signed_in(session, who) if who else ""
    before = everything(session)
    seen = visit(page, cookie, *events_of(page, plausible))
    assert {name: seen.values[name] for name in OWN & set(seen.values) if seen.values[name]} == {}
    assert everything(session) == before
