"""The dispatch board, event by event: what it shows, and what becomes of a dropped card."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.pages.assignment import Dispatch
from lattis_app.rental.pages.assignment_forms import asked_for
from lattis_app.rental.queries import dispatch
from lattis_app.rental.schemas.delivery_orders import StepEntry
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind
from lattis_app.rental.schemas.transfers import RelocationPlan
from lattis_app.rental.services import dispatching, fulfilments, relocations
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.ui.visits import everything, signed_in, visit

TODAY, TOMORROW = datetime(2026, 3, 16, 6, 0, tzinfo=UTC), datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
BOOKING, ORDER, MOVE = JobKind.BOOKING, JobKind.ORDER, JobKind.RELOCATION


@pytest.fixture
def office(session, clock):
    return signed_in(session, name="Farah")


@pytest.fixture
def booking(session, clock):
    make_bin(session, serial_number="ASR900")
    return make_booking(session, scheduled_at=TODAY)


@pytest.fixture
def given(session, booking, lim, lorry):
    return give(session, booking, lim, lorry)


def give(session, booking, driver, lorry):
    entry = HandingEntry(driver_id=driver.id, lorry_id=lorry.id)
    dispatching.give(session, SYSTEM, BOOKING, booking.id, entry)
    return booking


def drop(job, to, had=None, kind=BOOKING):
    return (
        "give",
        {
            "kind": kind,
            "job_id": str(job.id),
            "from_driver_id": str(had.id) if had else "",
            "to_driver_id": str(to.id) if to else "",
        },
    )


def lane(seen, lane_id):
    return next(each for each in seen["lanes"] if each["id"] == str(lane_id))


def cards(seen, lane_id):
    return [card["id"] for card in lane(seen, lane_id)["cards"]]


# ---- what it shows -----------------------------------------------------------------------------------------


def test_the_board_shows_what_waits_who_drives_and_what_is_outstanding(session, office, given):
    left = make_booking(session, scheduled_at=datetime(2026, 3, 15, 1, 0, tzinfo=UTC))
    make_booking(session, scheduled_at=TOMORROW)
    late = drive(session, make_delivery_order(session, scheduled_at="2026-03-01T01:00:00Z"), "delivered")
    late.expected_return_on = date(2026, 3, 14)
    make_driver(session, name="Siva")
    session.flush()

    seen = visit(Dispatch, office)

    waiting, busy, *_, outstanding = seen["lanes"]
    assert [(card["id"], card["status"], card["when"]) for card in waiting["cards"]] == [
        (str(left.id), "Late", "Sun 15, 09:00")
    ]
    assert (busy["name"], busy["load"], busy["cards"][0]["id"]) == ("Lim Wei", "1 of 6", str(given.id))
    assert (busy["cards"][0]["what"], busy["cards"][0]["when"]) == (
        "Deliver 4×12×6 · Klang Valley",
        "14:00",
    )
    assert [(card["id"], card["status"], card["tone"]) for card in outstanding["cards"]] == [
        (str(late.id), "2 days late", "bad")
    ]
    assert ("Siva", "0 of 6", []) in [(each["name"], each["load"], each["cards"]) for each in seen["lanes"]]
    assert seen["title"] == "Monday 16 March"
    assert seen["told"] == "2 jobs · 1 not assigned · 1 bin overdue · no 4×12×6 free until 30 Mar"
    assert [(day["label"], day["waiting"]) for day in seen["days"]][:3] == [
        ("Today", ""),
        ("Tue 17", "1"),
        ("Wed 18", ""),
    ]


def test_jobs_of_earlier_days_that_nobody_did_are_outstanding_today(session, office, lim, lorry):
    make_bin(session)
    yesterday = datetime(2026, 3, 15, 2, 0, tzinfo=UTC)
    forgotten = give(session, make_booking(session, scheduled_at=yesterday), lim, lorry)
    undone = make_delivery_order(session, scheduled_at=yesterday - timedelta(hours=3))
    failed = make_delivery_order(session, scheduled_at=yesterday + timedelta(hours=1))
    add_photos(session, failed, 1)
    drive_in_vain(session, failed)
    old = make_delivery_order(session, scheduled_at=yesterday - timedelta(days=9))
    add_photos(session, old, 1)
    drive_in_vain(session, old)

    outstanding = lane(visit(Dispatch, office), "left")["cards"]
    assert [(card["id"], card["status"], card["note"], card["movable"]) for card in outstanding] == [
        (str(failed.id), "Failed", "Gate locked", ""),
        (str(undone.id), "Not delivered", "", ""),
        (str(forgotten.id), "Late", "", ""),
    ]
    tomorrow = visit(Dispatch, office, address="/rental/assignment?day=2026-03-17")
    assert "left" not in [each["id"] for each in tomorrow["lanes"]]


def drive_in_vain(session, order):
    fulfilments.step(session, SYSTEM, order.id, StepEntry(status="failed", reason="Gate locked"))
    session.flush()


@pytest.mark.parametrize(
    ("query", "title"), [("day=2026-03-17", "Tuesday 17 March"), ("day=soon", "Monday 16 March")]
)
def test_the_board_of_another_day_is_in_the_address(session, office, query, title):
    make_booking(session, scheduled_at=TOMORROW)
    seen = visit(Dispatch, office, address=f"/rental/assignment?{query}")
    assert (seen["title"], len(cards(seen, "waiting"))) == (title, int("17" in query))


def test_a_day_beyond_the_week_can_be_chosen_back(session, office):
    seen = visit(Dispatch, office, address="/rental/assignment?day=2026-05-01")
    assert [(day["label"], day["chosen"]) for day in seen["days"]][:2] == [
        ("Fri 1", "true"),
        ("Today", "false"),
    ]


def test_only_what_has_not_started_can_be_moved(session, office, given, lim):
    started = drive(session, make_delivery_order(session, scheduled_at=TODAY, driver_id=lim.id), "started")
    shown = {card["id"]: card["movable"] for card in lane(visit(Dispatch, office), lim.id)["cards"]}
    assert shown == {str(given.id): "true", str(started.id): ""}


def test_a_driver_whose_day_is_full_is_marked(session, office, given, lim):
    lim.jobs_per_day = 1
    session.flush()
    seen = lane(visit(Dispatch, office), lim.id)
    assert (seen["load"], seen["full"]) == ("1 of 1", "true")


def test_a_business_without_drivers_is_told_what_to_do(office):
    assert visit(Dispatch, office)["is_bare"] is True


# ---- a dropped card ----------------------------------------------------------------------------------------


def test_a_booking_dropped_on_a_driver_is_theirs(session, office, booking, lim, lorry):
    seen = visit(Dispatch, office, drop(booking, lim))
    assert (cards(seen, lim.id), cards(seen, "waiting")) == ([str(booking.id)], [])
    assert f"{booking.number} given to Lim Wei" in seen.said
    assert "Undo" in seen.said
    session.refresh(booking)
    assert (booking.driver_id, booking.lorry_id) == (lim.id, lorry.id)


def test_a_delivery_order_dropped_on_a_driver_is_theirs(session, office, lim, lorry):
    order = make_delivery_order(session, scheduled_at=TODAY, driver_id=None, lorry_id=None)
    seen = visit(Dispatch, office, drop(order, lim, kind=ORDER))
    session.refresh(order)
    assert (cards(seen, lim.id), order.lorry_id) == ([str(order.id)], lorry.id)


def test_a_lorry_that_is_not_clear_is_asked_for_with_the_driver_chosen(session, office, booking, lim, lorry):
    make_lorry(session)
    make_driver(session, name="Aaron")
    before = everything(session)
    seen = visit(Dispatch, office, drop(booking, lim))
    assert ("assignment-sheet" in seen.said, seen["values"]["driver_id"]) == (True, str(lim.id))
    assert (cards(seen, "waiting"), everything(session)) == ([str(booking.id)], before)


def test_a_refused_drop_goes_back_and_says_why(session, office, given, lim, lorry):
    clashing = make_booking(session, scheduled_at=TODAY)
    before = everything(session)
    seen = visit(Dispatch, office, drop(clashing, lim))
    assert f"Lim Wei has {given.number} within 60 minutes of that time" in seen.said
    assert (cards(seen, "waiting"), everything(session)) == ([str(clashing.id)], before)


def test_an_overbooked_day_is_refused_with_the_next_free_one(session, office, given, lim):
    later = make_booking(session, scheduled_at=TODAY + timedelta(hours=3))
    before = everything(session)
    seen = visit(Dispatch, office, drop(later, lim))
    assert "the next free day is 2026-03-30" in seen.said
    assert (cards(seen, "waiting"), everything(session)) == ([str(later.id)], before)


def test_whoever_is_slower_sees_who_took_the_job(session, office, given, lim):
    siva = make_driver(session, name="Siva")
    before = everything(session)
    seen = visit(Dispatch, office, drop(given, siva))
    told = f"{given.number} is with Lim Wei now: given by Lattis"
    assert told in seen.said
    (card,) = lane(seen, lim.id)["cards"]
    assert (card["note"], card["tone"], everything(session)) == (told, "warn", before)


def test_a_wrong_drop_is_undone(session, office, given, lim, lorry):
    siva = make_driver(session, name="Siva")
    back = {
        "kind": BOOKING,
        "job_id": str(given.id),
        "from_driver_id": str(siva.id),
        "to_driver_id": str(lim.id),
        "lorry_id": str(lorry.id),
    }
    seen = visit(Dispatch, office, drop(given, siva, had=lim), ("undo", back))
    assert (cards(seen, lim.id), cards(seen, siva.id)) == ([str(given.id)], [])
    assert f"{given.number} given to Lim Wei" in seen.said


def test_a_first_drop_is_undone_to_waiting(session, office, booking, lim, lorry):
    back = {
        "kind": BOOKING,
        "job_id": str(booking.id),
        "from_driver_id": str(lim.id),
        "to_driver_id": "",
        "lorry_id": "",
    }
    seen = visit(Dispatch, office, drop(booking, lim), ("undo", back))
    session.refresh(booking)
    assert (cards(seen, "waiting"), booking.status) == ([str(booking.id)], "confirmed")
    assert f"{booking.number} waits for a driver again" in seen.said
    again = visit(Dispatch, office, ("undo", back))
    assert f"{booking.number} is with nobody now" in again.said


def test_a_job_is_taken_back_by_its_sheet(session, office, given, lim):
    opened = ("open_job", {"kind": BOOKING, "job_id": str(given.id)})
    seen = visit(Dispatch, office, opened, ("take_back", {}))
    session.refresh(given)
    assert (cards(seen, "waiting"), given.driver_id) == ([str(given.id)], None)


def test_a_waiting_job_has_nobody_to_be_taken_from(session, office, booking):
    opened = ("open_job", {"kind": BOOKING, "job_id": str(booking.id)})
    before = everything(session)
    visit(Dispatch, office, opened, ("take_back", {}))
    assert everything(session) == before


# ---- the sheet ---------------------------------------------------------------------------------------------


def test_the_freest_driver_and_a_lorry_that_may_drive_are_suggested(session, admin, given):
    free = make_driver(session, name="Siva")
    expired = [{"kind": "road_tax", "expires_on": "2026-03-15"}]
    make_lorry(session, registration_no="AAA 1", documents=expired)
    make_lorry(session, registration_no="AAA 2", status="maintenance")
    make_lorry(session, registration_no="AAA 3", status="inactive")
    spare = make_lorry(session, registration_no="ZZZ 9")
    found = dispatch.assignable(session, admin, BOOKING, make_booking(session, scheduled_at=TODAY).id)
    assert [(each.name, each.jobs, each.free) for each in found.drivers] == [
        ("Siva", 0, True),
        ("Lim Wei", 1, False),
    ]
    assert [(each.id, each.free) for each in found.lorries] == [(spare.id, True), (given.lorry_id, False)]
    assert found.drivers[0].id == free.id
    assert asked_for(found)["left_out"] == "AAA 1: papers expired · AAA 2: in the workshop"


def test_a_lorry_whose_paper_runs_out_before_the_day_says_so(session, admin, clock):
    make_lorry(session, registration_no="AAA 1", documents=[{"kind": "permit", "expires_on": "2026-03-16"}])
    found = dispatch.assignable(session, admin, BOOKING, make_booking(session, scheduled_at=TOMORROW).id)
    assert asked_for(found)["left_out"] == "AAA 1: a paper runs out by then"


def test_a_job_is_assigned_by_its_sheet(session, office, booking, lim, lorry):
    opened = ("open_job", {"kind": BOOKING, "job_id": str(booking.id)})
    form = {"driver_id": str(lim.id), "lorry_id": str(lorry.id)}
    seen = visit(Dispatch, office, opened, ("assign", {"form": form}))
    assert (cards(seen, lim.id), f"{booking.number} assigned" in seen.said) == ([str(booking.id)], True)


def test_a_refused_assignment_says_why_in_its_sheet(session, office, given, lim):
    waiting = make_booking(session, scheduled_at=TODAY)
    form = {"driver_id": str(lim.id), "lorry_id": str(make_lorry(session).id)}
    before = everything(session)
    opened = ("open_job", {"kind": BOOKING, "job_id": str(waiting.id)})
    seen = visit(Dispatch, office, opened, ("assign", {"form": form}))
    assert f"has {given.number}" in seen["form_error"]
    assert everything(session) == before


def test_a_board_costs_the_same_however_many_jobs_and_drivers_there_are(session, admin, given, queries):
    with queries() as few:
        dispatch.board(session, admin, given.scheduled_on)
    for _ in range(3):
        make_driver(session)
        make_booking(session, scheduled_at=TODAY)
        make_delivery_order(session, scheduled_at=TODAY)
    with queries() as many:
        dispatch.board(session, admin, given.scheduled_on)
    assert few.count == many.count == 14


# ---- moves of bins -------------------------------------------------------------------------------------------


@pytest.fixture
def planned(session, clock, lorry):
    order = drive(session, make_delivery_order(session, lorry_id=lorry.id), "delivered")
    plan = RelocationPlan(site_address="9 Jalan Dua", scheduled_at=TODAY + timedelta(hours=4))
    made = relocations.plan(session, SYSTEM, order.id, plan)
    session.flush()
    return made


def test_a_move_is_dropped_on_a_driver_and_back(session, office, planned, lim, lorry):
    dropped = visit(Dispatch, office, drop(planned, lim, kind=MOVE))
    assert (cards(dropped, lim.id), cards(dropped, "waiting")) == ([str(planned.id)], [])
    assert "move given to Lim Wei" in dropped.said
    back = visit(Dispatch, office, drop(planned, None, had=lim, kind=MOVE))
    assert (cards(back, lim.id), cards(back, "waiting")) == ([], [str(planned.id)])
    assert "move waits for a driver again" in back.said


def test_a_move_is_given_from_its_sheet(session, office, planned, lim, lorry):
    opened = visit(Dispatch, office, ("open_job", {"kind": MOVE, "job_id": str(planned.id)}))
    assert opened["asked"]["number"] == "DO-2026-00001 · move"
    assert opened["asked"]["where"] == "9 Jalan Dua"
    assert opened["asked"]["href"] == f"/rental/delivery-orders?open={planned.delivery_order_id}"
    form = {"driver_id": str(lim.id), "lorry_id": str(lorry.id)}
    given = visit(
        Dispatch,
        office,
        ("open_job", {"kind": MOVE, "job_id": str(planned.id)}),
        ("assign", {"form": form}),
    )
    assert cards(given, lim.id) == [str(planned.id)]
    session.expire_all()
    assert (planned.driver_id, planned.lorry_id) == (lim.id, lorry.id)
