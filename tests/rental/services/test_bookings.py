"""Taking, changing and assigning bookings (contract: rental.md, "Booking")."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid, InvalidTransition, NotFound
from lattis_app.core.events import EventRow
from lattis_app.rental.models import RentalBooking
from lattis_app.rental.rules.assignments import DriverBusy, LorryBusy
from lattis_app.rental.schemas.bins import MovementEntry
from lattis_app.rental.schemas.bookings import AssignmentEntry, BookingChanges
from lattis_app.rental.services import bins, bookings, drivers, lorries
from lattis_app.rental.statuses import BookingStatus
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_booking_at, make_delivery_order, set_business
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry

MORNING = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
"""Tuesday 17 March 2026, 09:00 in Kuala Lumpur."""
UNKNOWN = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
pytestmark = pytest.mark.usefixtures("clock")


def assign(session, booking, driver=None, lorry=None):
    entry = AssignmentEntry(
        driver_id=(driver or make_driver(session)).id, lorry_id=(lorry or make_lorry(session)).id
    )
    bookings.assign(session, SYSTEM, booking.id, entry)
    session.flush()
    return booking


def events(session, name):
    row = columns(EventRow)
    return session.scalar(select(func.count()).where(row.name == name))


def refused(session, error, booking, driver=None, lorry=None):
    """The refusal, after it has left the booking alone."""
    with pytest.raises(error) as caught, session.begin_nested():
        assign(session, booking, driver, lorry)
    session.refresh(booking)
    assert (booking.status, booking.driver_id, booking.lorry_id, booking.assigned_at) == (
        "pending",
        None,
        None,
        None,
    )
    assert events(session, "do.assigned") == 0
    return caught.value


def test_a_booking_is_pending_with_a_number_and_a_day_in_the_businesss_zone(session):
    late = make_booking(session, scheduled_at=datetime(2026, 3, 17, 16, 30, tzinfo=UTC))
    assert (late.number, late.status, late.scheduled_on) == ("BK-2026-00001", "pending", date(2026, 3, 18))
    assert make_booking(session).number == "BK-2026-00002"


@pytest.mark.parametrize(("asked", "usual", "back"), [(None, 7, 24), (None, 10, 27), (3, 10, 20), (1, 7, 18)])
def test_a_bin_stays_as_long_as_asked_or_as_usual(session, asked, usual, back):
    set_business(session, hire_days=usual)
    booking = make_booking(session, hire_days=asked)
    assert booking.expected_return_on == date(2026, 3, back)


def test_a_customer_on_stop_books_nothing(session):
    customer = make_customer(session, on_stop=True)
    with pytest.raises(bookings.CustomerOnStop) as caught:
        make_booking(session, customer_id=customer.id)
    assert caught.value.details == {"field": "customer_id", "reason": "is on stop"}
    assert session.scalars(select(RentalBooking)).all() == []


@pytest.mark.parametrize("status", ["pending", "confirmed"])
def test_an_open_booking_is_moved_with_its_stay(session, status):
    booking = make_booking_at(session, make_customer(session), status)
    moved = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
    bookings.update(session, SYSTEM, booking.id, BookingChanges(scheduled_at=moved, area="Johor", notes=None))
    assert (booking.scheduled_on, booking.expected_return_on) == (date(2026, 3, 20), date(2026, 4, 3))
    assert (booking.area, booking.notes, booking.status) == ("Johor", "", status)


@pytest.mark.parametrize("status", ["assigned", "fulfilled", "cancelled"])
def test_a_booking_that_is_assigned_or_over_is_fixed(session, status):
    booking = make_booking_at(session, make_customer(session), status)
    with pytest.raises(bookings.BookingFixed) as caught:
        bookings.update(session, SYSTEM, booking.id, BookingChanges(area="Johor"))
    assert caught.value.details["field"] == "area"
    assert (booking.area, booking.status) == ("Klang Valley", status)


@pytest.mark.parametrize("status", ["pending", "confirmed", "assigned"])
def test_a_booking_is_called_off_with_a_reason(session, status):
    booking = make_booking_at(session, make_customer(session), status)
    with pytest.raises(Invalid) as caught:
        bookings.update(session, SYSTEM, booking.id, BookingChanges(status="cancelled"))
    assert (caught.value.details["field"], booking.status) == ("reason", status)
    bookings.cancel(session, SYSTEM, booking.id, "Rain all week")
    assert (booking.status, booking.cancel_reason) == ("cancelled", "Rain all week")


@pytest.mark.parametrize("status", ["fulfilled", "cancelled"])
def test_a_booking_that_is_over_is_not_called_off(session, status):
    booking = make_booking_at(session, make_customer(session), status)
    with pytest.raises(InvalidTransition) as caught:
        bookings.cancel(session, SYSTEM, booking.id, "Rain all week")
    assert (caught.value.details["current"], caught.value.details["allowed"]) == (status, [])
    assert (booking.status, booking.cancel_reason) == (status, "")


@pytest.mark.parametrize("status", [status for status in BookingStatus if status != "pending"])
def test_only_a_pending_booking_is_confirmed(session, status):
    booking = make_booking_at(session, make_customer(session), status)
    with pytest.raises(InvalidTransition):
        bookings.confirm(session, SYSTEM, booking.id)
    assert booking.status == status


def test_assigning_names_driver_and_lorry_and_tells_the_driver(session, clock):
    make_bin(session)
    booking, driver, lorry = make_booking(session), make_driver(session), make_lorry(session)
    assign(session, booking, driver, lorry)
    assert (booking.status, booking.driver_id, booking.lorry_id) == ("assigned", driver.id, lorry.id)
    assert booking.assigned_at == clock.now()
    assert (events(session, "booking.confirmed"), events(session, "do.assigned")) == (1, 1)


@pytest.mark.parametrize("status", ["assigned", "fulfilled", "cancelled"])
def test_only_an_open_booking_is_assigned(session, status):
    make_bin(session)
    booking = make_booking_at(session, make_customer(session), status)
    with pytest.raises(InvalidTransition) as caught:
        assign(session, booking)
    assert caught.value.details["current"] == status
    assert (booking.status, booking.driver_id) == (status, None)


@pytest.mark.parametrize("missing", ["driver_id", "lorry_id"])
def test_an_unknown_driver_or_lorry_is_not_found(session, missing):
    make_bin(session)
    booking = make_booking(session)
    ids = {"driver_id": make_driver(session).id, "lorry_id": make_lorry(session).id} | {missing: UNKNOWN}
    with pytest.raises(NotFound), session.begin_nested():
        bookings.assign(session, SYSTEM, booking.id, AssignmentEntry(**ids))
    session.refresh(booking)
    assert booking.status == "pending"


def test_an_inactive_driver_gets_no_job(session):
    make_bin(session)
    driver = make_driver(session, name="Ahmad Rahman", status="inactive")
    refusal = refused(session, drivers.DriverNotActive, make_booking(session), driver)
    assert refusal.message == "Ahmad Rahman is not active"
    assert refusal.details == {"field": "driver_id", "reason": "is not active"}


@pytest.mark.parametrize("status", ["maintenance", "inactive"])
def test_a_lorry_that_cannot_drive_gets_no_job(session, status):
    make_bin(session)
    lorry = make_lorry(session, registration_no="WXY 4521", status=status)
    refusal = refused(session, lorries.LorryNotAvailable, make_booking(session), lorry=lorry)
    assert refusal.message == f"WXY 4521 is {status}"


@pytest.mark.parametrize("kind", ["road_tax", "insurance", "puspakom", "permit"])
def test_a_paper_that_runs_out_before_the_jobs_day_is_named(session, kind):
    make_bin(session)
    papers = [{"kind": kind, "number": "A1", "expires_on": "2026-03-16"}]
    lorry = make_lorry(session, registration_no="WXY 4521", documents=papers)
    refusal = refused(session, lorries.LorryDocumentExpired, make_booking(session), lorry=lorry)
    words = kind.replace("_", " ")
    assert refusal.message == f"The {words} of WXY 4521 runs out on 2026-03-16"
    assert refusal.details == {
        "field": "lorry_id",
        "reason": f"{words} runs out on 2026-03-16",
        "document": kind,
        "expires_on": "2026-03-16",
    }


def test_a_paper_that_runs_out_on_the_jobs_day_still_holds(session):
    make_bin(session)
    lorry = make_lorry(session, documents=[{"kind": "road_tax", "expires_on": "2026-03-17"}])
    assert assign(session, make_booking(session), lorry=lorry).status == "assigned"


@pytest.mark.parametrize("minutes", [-59, 0, 59])
def test_a_driver_within_an_hour_of_another_booking_is_busy(session, minutes):
    make_bin(session), make_bin(session)
    driver = make_driver(session, name="Ahmad Rahman")
    taken = assign(session, make_booking(session), driver)
    wanted = make_booking(session, scheduled_at=MORNING + timedelta(minutes=minutes))
    with pytest.raises(DriverBusy) as caught, session.begin_nested():
        assign(session, wanted, driver)
    assert caught.value.message == f"Ahmad Rahman has {taken.number} within 60 minutes of that time"
    session.refresh(wanted)
    assert (wanted.status, wanted.driver_id) == ("pending", None)


@pytest.mark.parametrize("minutes", [-60, 60])
def test_jobs_an_hour_apart_are_fine(session, minutes):
    make_bin(session), make_bin(session)
    driver, lorry = make_driver(session), make_lorry(session)
    assign(session, make_booking(session), driver, lorry)
    wanted = make_booking(session, scheduled_at=MORNING + timedelta(minutes=minutes))
    assert assign(session, wanted, driver, lorry).status == "assigned"


def test_the_hour_does_not_end_at_midnight(session):
    make_bin(session), make_bin(session)
    driver = make_driver(session)
    before_midnight = datetime(2026, 3, 17, 15, 40, tzinfo=UTC)
    first = assign(session, make_booking(session, scheduled_at=before_midnight), driver)
    second = make_booking(session, scheduled_at=before_midnight + timedelta(minutes=40))
    assert (first.scheduled_on, second.scheduled_on) == (date(2026, 3, 17), date(2026, 3, 18))
    with pytest.raises(DriverBusy):
        assign(session, second, driver)


def test_a_delivery_order_is_a_job_until_its_bin_is_back(session):
    driver = make_driver(session)
    order = make_delivery_order(session, driver_id=driver.id, scheduled_at=MORNING)
    make_bin(session)
    wanted = make_booking(session)
    with pytest.raises(DriverBusy) as caught, session.begin_nested():
        assign(session, wanted, driver)
    assert caught.value.details["job"] == order.system_do_number
    drive(session, order, "collected")
    assert assign(session, wanted, driver).status == "assigned"


def test_a_driver_has_so_many_jobs_a_day(session):
    for _ in range(4):
        make_bin(session)
    driver = make_driver(session, name="Ahmad Rahman", jobs_per_day=2)
    for hour in (0, 2):
        assign(session, make_booking(session, scheduled_at=MORNING + timedelta(hours=hour)), driver)
    third = make_booking(session, scheduled_at=MORNING + timedelta(hours=4))
    with pytest.raises(DriverBusy) as caught, session.begin_nested():
        assign(session, third, driver)
    assert caught.value.message == "Ahmad Rahman has 2 of at most 2 jobs that day already"
    tomorrow = make_booking(session, scheduled_at=MORNING + timedelta(days=1))
    assert assign(session, tomorrow, driver).status == "assigned"


def test_a_lorry_is_not_with_two_drivers_within_an_hour(session):
    make_bin(session), make_bin(session)
    lorry = make_lorry(session, registration_no="WXY 4521")
    taken = assign(session, make_booking(session), lorry=lorry)
    wanted = make_booking(session, scheduled_at=MORNING + timedelta(minutes=30))
    with pytest.raises(LorryBusy) as caught, session.begin_nested():
        assign(session, wanted, lorry=lorry)
    assert caught.value.message == f"WXY 4521 drives {taken.number} within 60 minutes of that time"
    session.refresh(wanted)
    assert (wanted.status, wanted.lorry_id) == ("pending", None)


def test_an_overbooked_size_is_refused_with_the_next_free_day(session):
    make_bin(session)
    assign(session, make_booking(session, hire_days=5))
    wanted = make_booking(session, scheduled_at=MORNING + timedelta(days=1), hire_days=3)
    with pytest.raises(bookings.NoBinFree) as caught, session.begin_nested():
        assign(session, wanted)
    assert caught.value.code == "PRECONDITION_FAILED"
    assert caught.value.details == {
        "field": "scheduled_at",
        "reason": "no bin of the size is free",
        "next_free_on": "2026-03-22",
    }
    session.refresh(wanted)
    assert (wanted.status, wanted.driver_id) == ("pending", None)
    bookings.update(
        session, SYSTEM, wanted.id, BookingChanges(scheduled_at=datetime(2026, 3, 22, 1, tzinfo=UTC))
    )
    assert assign(session, wanted).status == "assigned"


def test_a_booking_needs_a_bin_for_its_whole_stay(session):
    make_bin(session)
    assign(session, make_booking(session, scheduled_at=MORNING + timedelta(days=3), hire_days=2))
    short = make_booking(session, hire_days=3)
    long = make_booking(session, hire_days=4)
    with pytest.raises(bookings.NoBinFree) as caught, session.begin_nested():
        assign(session, long)
    assert caught.value.details["next_free_on"] == "2026-03-22"
    assert assign(session, short).status == "assigned"


@pytest.mark.parametrize("state", ["of another size", "in repair", "out without an order"])
def test_a_bin_that_cannot_be_hired_is_not_promised(session, state):
    other = make_bin(
        session, **({"size": {"h_ft": 5, "l_ft": 12, "w_ft": 6}} if state == "of another size" else {})
    )
    if state == "in repair":
        bins.move(session, SYSTEM, other.id, MovementEntry(movement_type="REPAIR"))
    elif state == "out without an order":
        bins.move(session, SYSTEM, other.id, MovementEntry(movement_type="OUT"))
    refusal = refused(session, bookings.NoBinFree, make_booking(session))
    assert refusal.details["next_free_on"] is None
    assert (
        refusal.message == "No 4 × 12 × 6 ft bin is free on 2026-03-17; nobody knows yet when one comes back"
    )


def test_a_cancelled_booking_gives_its_bin_and_driver_back(session):
    make_bin(session)
    driver, lorry = make_driver(session), make_lorry(session)
    first = assign(session, make_booking(session), driver, lorry)
    bookings.cancel(session, SYSTEM, first.id, "Rain all week")
    assert assign(session, make_booking(session), driver, lorry).status == "assigned"
