"""Giving jobs to drivers from the board, passing them on and taking them back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.core.errors import Forbidden, InvalidTransition, NotFound
from lattis_app.core.events import EventRow
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import dispatch
from lattis_app.rental.rules.assignments import DriverBusy, LorryBusy
from lattis_app.rental.rules.delivery_orders import NotChangeable
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind
from lattis_app.rental.services import bookings, dispatching, lorries
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.ui.visits import everything

MORNING = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
AT_ONCE = 6
BOOKING, ORDER = JobKind.BOOKING, JobKind.ORDER
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def booking(session):
    make_bin(session)
    return make_booking(session)


@pytest.fixture
def order(session):
    return make_delivery_order(session, scheduled_at=MORNING, driver_id=None, lorry_id=None)


def give(session, kind, job, driver, had=None, lorry=None, actor=SYSTEM):
    entry = HandingEntry(
        driver_id=driver.id,
        lorry_id=lorry.id if lorry else None,
        from_driver_id=had.id if had else None,
    )
    return dispatching.give(session, actor, kind, job.id, entry)


def refused(session, error, act):
    """The refusal, after it has changed nothing."""
    before = everything(session)
    with pytest.raises(error) as caught, session.begin_nested():
        act()
    session.expire_all()
    assert everything(session) == before
    return caught.value


def told(session):
    row = columns(EventRow)
    wanted = row.name.in_(("do.assigned", "do.unassigned"))
    rows = session.scalars(select(EventRow).where(wanted).order_by(row.seq))
    return [(each.name, UUID(each.payload["driver_id"])) for each in rows]


def test_a_booking_dropped_on_a_driver_takes_the_only_free_lorry(session, booking, lim, lorry):
    job = give(session, BOOKING, booking, lim)
    assert (job.driver_name, job.lorry_registration_no, booking.status) == ("Lim Wei", "WXY 1", "assigned")
    assert told(session) == [("do.assigned", lim.id)]


def test_a_driver_keeps_the_lorry_of_the_day(session, booking, lim, lorry):
    make_lorry(session)
    later = make_booking(session, scheduled_at=MORNING + timedelta(hours=3))
    make_bin(session)
    give(session, BOOKING, booking, lim, lorry=lorry)
    assert give(session, BOOKING, later, lim).lorry_id == lorry.id


def test_a_lorry_that_is_not_clear_is_asked_for(session, booking, lim, lorry):
    make_lorry(session)
    error = refused(session, dispatching.LorryNotClear, lambda: give(session, BOOKING, booking, lim))
    assert error.details == {"field": "lorry_id", "reason": "is needed"}


@pytest.mark.parametrize("kind", [BOOKING, ORDER])
def test_a_job_is_passed_on_and_both_drivers_are_told(session, request, kind, lim, siva, lorry):
    job = request.getfixturevalue(str(kind))
    give(session, kind, job, lim, lorry=lorry)
    shown = give(session, kind, job, siva, had=lim)
    assert (shown.driver_name, shown.lorry_id) == ("Siva Kumar", lorry.id)
    assert told(session) == [("do.assigned", lim.id), ("do.unassigned", lim.id), ("do.assigned", siva.id)]


@pytest.mark.parametrize("kind", [BOOKING, ORDER])
def test_a_job_is_taken_back_and_waits_again(session, request, kind, lim, lorry):
    job = request.getfixturevalue(str(kind))
    give(session, kind, job, lim, lorry=lorry)
    shown = dispatching.take_back(session, SYSTEM, kind, job.id, lim.id)
    assert (shown.driver_id, shown.lorry_id) == (None, None)
    assert job.status == ("confirmed" if kind is BOOKING else "issued")
    assert told(session)[-1] == ("do.unassigned", lim.id)
    assert give(session, kind, job, lim, lorry=lorry).driver_id == lim.id


@pytest.mark.parametrize("kind", [BOOKING, ORDER])
def test_whoever_was_slower_learns_who_has_the_job(session, request, kind, lim, siva, lorry, admin):
    job = request.getfixturevalue(str(kind))
    number = job.number if kind is BOOKING else job.system_do_number
    give(session, kind, job, lim, lorry=lorry, actor=admin)
    late = refused(session, dispatching.JobMoved, lambda: give(session, kind, job, siva))
    assert late.message.startswith(f"{number} is with Lim Wei now: given by ")
    dispatching.take_back(session, admin, kind, job.id, lim.id)
    late = refused(session, dispatching.JobMoved, lambda: give(session, kind, job, siva, had=lim))
    assert late.message.startswith(f"{number} is with nobody now: ")
    assert late.code == "CONFLICT"


def test_a_driver_with_a_clashing_job_is_not_given_another(session, booking, order, lim, lorry):
    give(session, BOOKING, booking, lim, lorry=lorry)
    busy = refused(session, DriverBusy, lambda: give(session, ORDER, order, lim, lorry=make_lorry(session)))
    assert busy.details["job"] == booking.number


def test_a_lorry_is_on_one_job_at_a_time(session, booking, order, lim, siva, lorry):
    give(session, BOOKING, booking, lim, lorry=lorry)
    busy = refused(session, LorryBusy, lambda: give(session, ORDER, order, siva, lorry=lorry))
    assert busy.details["job"] == booking.number


def test_a_lorry_whose_papers_ran_out_is_not_driven(session, booking, order, lim):
    expired = make_lorry(session, documents=[{"kind": "permit", "expires_on": "2026-03-16"}])
    for kind, job in ((BOOKING, booking), (ORDER, order)):
        refused(
            session,
            lorries.LorryDocumentExpired,
            lambda kind=kind, job=job: give(session, kind, job, lim, lorry=expired),
        )


def test_a_job_that_can_not_be_passed_on_stays_where_it_was(session, booking, order, lim, siva, lorry):
    give(session, BOOKING, booking, lim, lorry=lorry)
    give(session, ORDER, order, siva, lorry=make_lorry(session))
    refused(session, DriverBusy, lambda: give(session, BOOKING, booking, siva, had=lim, lorry=lorry))
    assert (booking.driver_id, booking.status) == (lim.id, "assigned")


def test_no_more_bins_are_promised_than_there_are(session, lim, siva, lorry, clock):
    make_bin(session)
    first, second = make_booking(session), make_booking(session, scheduled_at=MORNING + timedelta(hours=2))
    give(session, BOOKING, first, lim, lorry=lorry)
    full = refused(session, bookings.NoBinFree, lambda: give(session, BOOKING, second, siva, lorry=lorry))
    assert full.details["next_free_on"] == str(first.expected_return_on)


@pytest.mark.parametrize("step", ["started", "delivered", "done"])
def test_a_job_on_the_way_stays_with_its_driver(session, step, siva):
    order = drive(session, make_delivery_order(session), step)
    had = order.driver_id
    entry = HandingEntry(driver_id=siva.id, lorry_id=order.lorry_id, from_driver_id=had)
    refused(session, NotChangeable, lambda: dispatching.give(session, SYSTEM, ORDER, order.id, entry))
    refused(session, NotChangeable, lambda: dispatching.take_back(session, SYSTEM, ORDER, order.id, had))


def test_a_booking_that_waits_can_not_be_taken_back(session, booking):
    refused(
        session,
        InvalidTransition,
        lambda: dispatching.take_back(session, SYSTEM, BOOKING, booking.id, None),
    )


def test_drivers_give_nobody_a_job(session, booking, lim, lorry):
    driver = make_actor(session, Role.DRIVER)
    refused(session, Forbidden, lambda: give(session, BOOKING, booking, lim, actor=driver))
    refused(session, Forbidden, lambda: dispatching.take_back(session, driver, BOOKING, booking.id, None))


def test_a_job_that_does_not_exist_is_not_found(session, lim):
    entry = HandingEntry(driver_id=lim.id)
    for kind in JobKind:
        with pytest.raises(NotFound):
            dispatching.give(session, SYSTEM, kind, lim.id, entry)


@pytest.mark.parametrize("kind", [BOOKING, ORDER])
def test_of_those_who_move_a_job_at_once_one_does_and_the_others_learn_who(committed_database, kind):
    with unit_of_work() as session:
        if kind is BOOKING:
            make_bin(session)
            job = make_booking(session).id
        else:
            job = make_delivery_order(session, scheduled_at=MORNING, driver_id=None, lorry_id=None).id
        crews = [
            (make_driver(session, name=f"Driver {number}").id, make_lorry(session).id)
            for number in range(AT_ONCE)
        ]
    ready = threading.Barrier(AT_ONCE)

    def drop(crew):
        driver, lorry = crew
        ready.wait()
        try:
            with unit_of_work() as session:
                entry = HandingEntry(driver_id=driver, lorry_id=lorry)
                return dispatching.give(session, SYSTEM, kind, job, entry).driver_name
        except dispatching.JobMoved as refusal:
            return refusal

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(drop, crews))

    (winner,) = [answer for answer in answers if isinstance(answer, str)]
    told = {answer.message.partition(" is with ")[2] for answer in answers if not isinstance(answer, str)}
    assert told == {f"{winner} now: given by Lattis"}
    with reading() as session:
        assert dispatch.find(session, SYSTEM, kind, job).driver_name == winner
        name = columns(EventRow).name
        assert session.scalar(select(func.count()).where(name == "do.assigned")) == 1
        assert session.scalar(select(func.count()).where(name == "do.unassigned")) == 0
