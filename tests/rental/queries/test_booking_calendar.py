"""The calendar of bookings: what there is to do on each day, and what takes the bins."""

from datetime import UTC, date, datetime

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Forbidden
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import booking_calendar
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.services import bookings, dispatching
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry

MONDAY, TUESDAY = date(2026, 3, 16), date(2026, 3, 17)
SIZE = BinSize(h_ft=4, l_ft=12, w_ft=6)
SMALL = {"h_ft": 3, "l_ft": 8, "w_ft": 5}
pytestmark = pytest.mark.usefixtures("clock")


def at(day, hour=2):
    return datetime(2026, 3, day, hour, 0, tzinfo=UTC)


def give(session, booking, **driver):
    entry = HandingEntry(driver_id=make_driver(session, **driver).id, lorry_id=make_lorry(session).id)
    dispatching.give(session, SYSTEM, JobKind.BOOKING, booking.id, entry)
    return booking


def days(session, since=MONDAY, until=TUESDAY):
    return booking_calendar.days(session, SYSTEM, since, until)


def test_a_day_counts_its_jobs_and_those_without_a_driver(session):
    make_bin(session)
    give(session, make_booking(session, scheduled_at=at(17), hire_days=1))
    make_booking(session, scheduled_at=at(17))
    bookings.cancel(session, SYSTEM, make_booking(session, scheduled_at=at(17)).id, "Rain")
    make_delivery_order(session, scheduled_at=at(17), driver_id=None, lorry_id=None)
    make_delivery_order(session, scheduled_at=at(16))
    make_delivery_order(session, scheduled_at=at(16), draft=True)
    assert [(each.on, each.jobs, each.waiting) for each in days(session)] == [(MONDAY, 1, 0), (TUESDAY, 3, 2)]


def test_a_day_says_of_each_size_what_is_taken_asked_for_and_missing(session):
    make_bin(session), make_bin(session, size=SMALL)
    make_delivery_order(session)
    give(session, make_booking(session, scheduled_at=at(17)))
    make_booking(session, scheduled_at=at(17))
    monday, tuesday = days(session)
    large, small = tuesday.sizes
    assert (large.size, large.bins, large.taken, large.wanted, large.free, large.short) == (
        SIZE,
        2,
        2,
        1,
        0,
        1,
    )
    assert (small.bins, small.taken, small.free, small.short) == (1, 0, 1, 0)
    assert [(each.taken, each.wanted, each.short) for each in monday.sizes] == [(1, 0, 0), (0, 0, 0)]


def test_the_jobs_of_a_span_come_by_their_time(session):
    make_bin(session)
    order = make_delivery_order(session, scheduled_at=at(17, 4))
    booking = give(session, make_booking(session, scheduled_at=at(17, 1)), name="Lim Wei")
    make_booking(session, scheduled_at=at(18))
    found = booking_calendar.jobs(session, SYSTEM, MONDAY, TUESDAY)
    assert [(each.kind, each.id, each.status) for each in found] == [
        ("booking", booking.id, "assigned"),
        ("order", order.id, "assigned"),
    ]
    assert (found[0].driver_name, found[0].customer, found[0].size, found[0].area) == (
        "Lim Wei",
        "ABC Construction Sdn Bhd",
        SIZE,
        "Klang Valley",
    )


def test_what_takes_the_bins_of_a_size_is_named(session):
    out = drive(session, make_delivery_order(session, scheduled_at=at(16)), "delivered")
    make_bin(session)
    promised = give(session, make_booking(session, scheduled_at=at(17)))
    wanted = make_booking(session, scheduled_at=at(17))
    make_booking(session, scheduled_at=at(17), requested_bin_size=SMALL)
    make_booking(session, scheduled_at=at(18))
    found = booking_calendar.takers(session, SYSTEM, SIZE, TUESDAY)
    assert [(each.by, each.id) for each in found] == [
        ("out", out.id),
        ("promised", promised.id),
        ("wanted", wanted.id),
    ]
    assert (found[0].number, found[0].since, found[0].until) == (
        out.system_do_number,
        MONDAY,
        out.expected_return_on,
    )
    after = booking_calendar.takers(session, SYSTEM, SIZE, wanted.expected_return_on)
    assert [each.by for each in after] == ["wanted"]


def test_an_overdue_bin_takes_every_day_until_it_is_back(session):
    late = drive(session, make_delivery_order(session, scheduled_at="2026-03-01T01:00:00Z"), "delivered")
    late.expected_return_on = date(2026, 3, 14)
    session.flush()
    (found,) = booking_calendar.takers(session, SYSTEM, SIZE, date(2026, 9, 1))
    assert (found.id, found.until) == (late.id, date(2026, 3, 14))


def test_a_month_asks_as_many_statements_as_a_day(session, queries):
    make_bin(session)
    make_booking(session)
    with queries() as day:
        days(session, MONDAY, MONDAY)
    with queries() as month:
        days(session, MONDAY, date(2026, 4, 26))
    assert day.count == month.count == 7


@pytest.mark.parametrize("role", [Role.DRIVER, Role.VIEWER])
def test_only_dispatchers_see_the_calendar(session, role):
    actor = make_actor(session, role)
    for ask in (
        lambda: booking_calendar.days(session, actor, MONDAY, TUESDAY),
        lambda: booking_calendar.jobs(session, actor, MONDAY, TUESDAY),
        lambda: booking_calendar.takers(session, actor, SIZE, MONDAY),
    ):
        with pytest.raises(Forbidden):
            ask()
