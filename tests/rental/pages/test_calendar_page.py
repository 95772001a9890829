"""The calendar, event by event."""

from datetime import UTC, datetime

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.pages.availability import Availability
from lattis_app.rental.pages.calendar import Calendar
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind
from lattis_app.rental.services import dispatching
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.ui.visits import signed_in, visit

TOMORROW = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def day(seen, on):
    return next(each for each in seen["days"] if each["on"] == on)


def test_a_month_shows_whole_weeks_with_jobs_and_bins(session, office):
    make_bin(session)
    make_booking(session), make_booking(session)
    seen = visit(Calendar, office, address="/rental/calendar")
    assert (seen["title"], seen["heads"][0], len(seen["days"])) == ("March 2026", "Mon", 42)
    first, last = seen["days"][0], seen["days"][-1]
    assert (first["on"], first["is_other"], last["on"]) == ("2026-02-23", "true", "2026-04-05")
    shown = day(seen, "2026-03-17")
    assert (shown["work"], shown["waiting"], shown["short"]) == (
        "2 jobs",
        "2 not assigned",
        "Overbooked by 1",
    )
    assert shown["href"] == "/rental/assignment?day=2026-03-17"
    assert shown["sizes"] == [
        {
            "size": "4x12x6",
            "name": "4×12×6",
            "free": "1",
            "tone": "bad",
            "words": "1 of 1 4 × 12 × 6 ft free, 1 missing",
            "on": "2026-03-17",
        }
    ]
    today, yesterday = day(seen, "2026-03-16"), day(seen, "2026-03-15")
    assert (today["is_today"], today["is_past"]) == ("true", "false")
    assert (yesterday["sizes"], yesterday["is_past"], shown["is_past"]) == ([], "true", "false")


def test_a_week_lists_its_jobs(session, office):
    make_bin(session)
    booking = make_booking(session)
    entry = HandingEntry(driver_id=make_driver(session, name="Lim Wei").id, lorry_id=make_lorry(session).id)
    dispatching.give(session, SYSTEM, JobKind.BOOKING, booking.id, entry)
    seen = visit(Calendar, office, address="/rental/calendar?view=week&on=2026-03-18")
    assert (seen["title"], len(seen["days"])) == ("16 – 22 Mar 2026", 7)
    assert day(seen, "2026-03-17")["jobs"] == [
        {
            "id": str(booking.id),
            "href": f"/rental/bookings?open={booking.id}",
            "when": "09:00",
            "customer": "ABC Construction Sdn Bhd",
            "what": "4×12×6 · Klang Valley · Lim Wei",
            "status": "Assigned",
            "status_tone": "ok",
        }
    ]


def test_a_day_with_more_jobs_than_fit_says_how_many(session, office):
    make_bin(session)
    for _ in range(10):
        make_booking(session)
    seen = day(visit(Calendar, office, address="/rental/calendar?view=week&on=2026-03-17"), "2026-03-17")
    assert (len(seen["jobs"]), seen["more"]) == (8, "2 more")


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ("view=week&on=2026-03-18", "view=week&on=2026-03-11", "view=week&on=2026-03-25"),
        ("on=2026-01-31", "view=month&on=2025-12-01", "view=month&on=2026-02-01"),
        ("on=2026-12-01", "view=month&on=2026-11-01", "view=month&on=2027-01-01"),
        ("on=soon&view=year", "view=month&on=2026-02-01", "view=month&on=2026-04-01"),
        ("on=9999-12-31", "view=month&on=2026-02-01", "view=month&on=2026-04-01"),
        ("view=week&on=0001-01-01", "view=week&on=2026-03-09", "view=week&on=2026-03-23"),
    ],
)
def test_every_period_has_an_address(office, query, before, after):
    places = visit(Calendar, office, address=f"/rental/calendar?{query}")["places"]
    assert (places["before"], places["after"]) == (f"/rental/calendar?{before}", f"/rental/calendar?{after}")


@pytest.mark.parametrize("state", [Calendar, Availability])
def test_a_size_on_a_day_opens_what_takes_its_bins(session, office, state):
    late = drive(session, make_delivery_order(session), "delivered")
    late.expected_return_on = datetime(2026, 3, 14, tzinfo=UTC).date()
    booking = make_booking(session)
    session.flush()
    seen = visit(state, office, ("show_takers", {"size": "4x12x6", "on": "2026-03-17"}))
    assert "takers-sheet" in seen.said
    assert (seen["takers_size"], seen["takers_of"]) == ("4 × 12 × 6 ft", "Tuesday 17 March")
    assert [(each["href"], each["status"], each["status_tone"]) for each in seen["takers"]] == [
        (f"/rental/delivery-orders?open={late.id}", "Overdue", "bad"),
        (f"/rental/bookings?open={booking.id}", "Not assigned", "warn"),
    ]
    assert seen["takers_book"] == "/rental/bookings?new=1&on=2026-03-17&size=4x12x6"


@pytest.mark.parametrize(
    ("size", "on"), [("4x12x6", "soon"), ("large", "2026-03-17"), ("axbxc", "2026-03-17")]
)
def test_what_is_no_size_or_no_day_opens_nothing(office, size, on):
    seen = visit(Calendar, office, ("show_takers", {"size": size, "on": on}))
    assert ("takers-sheet" in seen.said, "went wrong" in seen.said, seen["takers"]) == (False, False, [])
