"""Bins that are to be moved to another site: planned, given to a driver on the board, done on site."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, Invalid, InvalidTransition, NotFound
from lattis_app.core.events import EventRow
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBin, RentalBinMovement, RentalRelocation
from lattis_app.rental.pages.assignment_rows import lanes, summary
from lattis_app.rental.queries import dispatch
from lattis_app.rental.queries import relocations as queries
from lattis_app.rental.rules.assignments import DriverBusy, LorryBusy
from lattis_app.rental.schemas.delivery_orders import StepEntry
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind
from lattis_app.rental.schemas.transfers import RelocationCancelEntry, RelocationFilters, RelocationPlan
from lattis_app.rental.services import dispatching, fulfilments, relocations
from lattis_app.rental.services.dispatching import JobMoved
from lattis_app.rental.services.relocations import MoveAlreadyPlanned
from lattis_app.rental.services.transfers import BinNotWithCustomer
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_booking, make_driver, make_lorry

AT = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
MOVE = JobKind.RELOCATION
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def order(session):
    made = make_delivery_order(session, site_address="1 Jalan Satu", area="Klang Valley", state="Selangor")
    return drive(session, made, "delivered")


@pytest.fixture
def crew(session):
    return make_driver(session, name="Lim Wei"), make_lorry(session, registration_no="WXY 1")


def plan(session, order, at=AT, actor=SYSTEM, **said):
    values = {"site_address": "9 Jalan Dua", "area": "Seremban", "reason": "Next site", "scheduled_at": at}
    planned = relocations.plan(session, actor, order.id, parse(RelocationPlan, values | said))
    session.flush()
    return planned


def give(session, planned, driver, lorry=None, had=None):
    entry = HandingEntry(
        driver_id=driver.id, lorry_id=lorry.id if lorry else None, from_driver_id=had.id if had else None
    )
    return dispatching.give(session, SYSTEM, MOVE, planned.id, entry)


def told(session):
    row = columns(EventRow)
    found = session.scalars(select(EventRow).where(row.name.startswith("do.")).order_by(row.seq))
    return [(each.name, each.payload.get("relocation") or each.payload["number"]) for each in found]


def transfers_of(session, order):
    moved = columns(RentalBinMovement)
    wanted = (moved.bin_id == order.bin_id, moved.movement_type == "TRANSFER")
    return session.scalars(select(RentalBinMovement).where(*wanted)).all()


def test_a_planned_move_changes_nothing_until_it_is_done(session, order, crew):
    planned = plan(session, order)
    assert (planned.status, planned.scheduled_on.isoformat()) == ("planned", "2026-03-17")
    assert (planned.from_address, planned.site_address) == ("1 Jalan Satu", "9 Jalan Dua")
    assert (planned.area, planned.state) == ("Seremban", "Selangor")
    assert (order.site_address, transfers_of(session, order)) == ("1 Jalan Satu", [])

    give(session, planned, *crew)
    relocations.finish(session, make_actor(session, Role.DRIVER, crew[0].id), planned.id)
    session.flush()

    (transfer,) = transfers_of(session, order)
    where = session.get_one(RentalBin, order.bin_id)
    assert (order.site_address, order.area, order.state) == ("9 Jalan Dua", "Seremban", "Selangor")
    assert (where.status, where.area, where.delivery_order_id) == ("with_customer", "Seremban", order.id)
    assert (transfer.notes, transfer.related_do_id, transfer.area) == ("Next site", order.id, "Seremban")
    assert (planned.status, planned.done_at) == ("done", transfer.moved_at)
    number = order.system_do_number
    assert told(session)[-3:] == [
        ("do.relocated", "planned"),
        ("do.assigned", f"{number} · move"),
        ("do.relocated", "done"),
    ]


def test_a_bin_has_one_move_at_a_time_and_only_while_it_is_out(session, order):
    first = plan(session, order)
    with pytest.raises(MoveAlreadyPlanned):
        plan(session, order)
    relocations.cancel(session, SYSTEM, first.id, RelocationCancelEntry(reason="Site not ready"))
    assert (first.status, first.cancel_reason) == ("cancelled", "Site not ready")
    plan(session, order, site_address="7 Jalan Tiga")
    with pytest.raises(BinNotWithCustomer):
        plan(session, make_delivery_order(session))
    with pytest.raises(InvalidTransition):
        relocations.finish(session, SYSTEM, first.id)
    assert (order.site_address, transfers_of(session, order)) == ("1 Jalan Satu", [])
    assert session.scalar(select(func.count()).select_from(RentalRelocation)) == 2


@pytest.mark.parametrize("missing", ["site_address", "scheduled_at"])
def test_a_plan_needs_a_site_and_a_time(session, order, missing):
    with pytest.raises(Invalid) as refused:
        plan(session, order, **{missing: None})
    assert refused.value.details["field"] == missing


def test_a_move_is_in_the_way_of_other_jobs_and_they_in_its(session, order, crew):
    lim, lorry = crew
    planned, number = plan(session, order), order.system_do_number
    other = make_delivery_order(
        session, driver_id=lim.id, lorry_id=lorry.id, scheduled_at=AT + timedelta(minutes=59)
    )
    with pytest.raises(DriverBusy) as busy:
        give(session, planned, lim, lorry)
    assert busy.value.details["job"] == other.system_do_number
    with pytest.raises(LorryBusy):
        give(session, planned, make_driver(session), lorry)

    later = plan_elsewhere(session, AT + timedelta(hours=5))
    give(session, later, lim, lorry)
    again = make_booking(session, scheduled_at=AT + timedelta(hours=5, minutes=30))
    entry = HandingEntry(driver_id=lim.id, lorry_id=make_lorry(session).id)
    with pytest.raises(DriverBusy) as busy:
        dispatching.give(session, SYSTEM, JobKind.BOOKING, again.id, entry)
    assert busy.value.details["job"].endswith(" · move")
    assert (planned.driver_id, later.driver_id, number in told(session)[-1]) == (None, lim.id, False)


def plan_elsewhere(session, at):
    return plan(session, drive(session, make_delivery_order(session), "delivered"), at=at)


def test_a_move_is_passed_on_and_taken_back_and_each_driver_told(session, order, crew):
    (lim, lorry), siva = crew, make_driver(session, name="Siva")
    planned, number = plan(session, order), f"{order.system_do_number} · move"
    assert give(session, planned, lim, lorry).number == number
    with pytest.raises(JobMoved) as faster:
        give(session, planned, siva, lorry)
    assert faster.value.message == f"{number} is with Lim Wei now: given by Lattis"
    give(session, planned, siva, lorry, had=lim)
    dispatching.take_back(session, SYSTEM, MOVE, planned.id, siva.id)
    assert (planned.driver_id, planned.lorry_id) == (None, None)
    names = [name for name, _ in told(session)[-4:]]
    assert names == ["do.assigned", "do.unassigned", "do.assigned", "do.unassigned"]

    relocations.finish(session, SYSTEM, planned.id)
    with pytest.raises(InvalidTransition):
        give(session, planned, lim, lorry)


def test_collecting_the_bin_calls_its_move_off(session, order, crew):
    planned = plan(session, order)
    give(session, planned, *crew)
    fulfilments.step(session, SYSTEM, order.id, StepEntry(status="collected"))
    assert (planned.status, planned.cancel_reason) == ("cancelled", "The bin was collected")
    assert ("do.unassigned", f"{order.system_do_number} · move") in told(session)


def test_another_drivers_move_does_not_exist(session, order, crew):
    planned = plan(session, order)
    give(session, planned, *crew)
    own, other = (make_actor(session, Role.DRIVER, each.id) for each in (crew[0], make_driver(session)))
    anyone = RelocationFilters()
    assert [each.id for each in queries.own(session, own)] == [planned.id]
    assert queries.find(session, own, planned.id).bin_size == "4 × 12 × 6 ft"
    assert queries.own(session, other) == []
    for act in (queries.find, relocations.finish):
        with pytest.raises(NotFound):
            act(session, other, planned.id)
    assert everything_seen(session, own, anyone) == [planned.id]
    assert everything_seen(session, other, anyone) == []
    with pytest.raises(Forbidden):
        plan(session, order, actor=own)
    with pytest.raises(Forbidden):
        relocations.cancel(session, own, planned.id, RelocationCancelEntry(reason="No time"))
    assert planned.status == "planned"


def everything_seen(session, actor, filters):
    return [each.id for each in queries.page(session, actor, filters, PageRequest()).rows]


def test_the_board_shows_a_move_where_it_stands(session, order, crew, clock):
    planned = plan(session, order)
    board = dispatch.board(session, SYSTEM, planned.scheduled_on)
    (card,) = lanes(board, {})[0]["cards"]
    bin_ = session.get_one(RentalBin, order.bin_id).serial_number
    assert (card["kind"], card["what"]) == ("relocation", f"Move {bin_} · Seremban")
    assert (card["when"], card["status"], card["movable"]) == ("09:00", "Planned", "true")
    assert card["href"] == f"/rental/delivery-orders?open={order.id}"
    assert summary(board).startswith("1 job · 1 not assigned")

    give(session, planned, *crew)
    lim = next(
        lane
        for lane in lanes(dispatch.board(session, SYSTEM, planned.scheduled_on), {})
        if lane["name"] == "Lim Wei"
    )
    assert ([each["id"] for each in lim["cards"]], lim["load"]) == ([str(planned.id)], "1 of 6")

    clock.advance(days=2)
    late = dispatch.board(session, SYSTEM, date(2026, 3, 18))
    assert [(each["status"], each["when"]) for each in lane_of(late, "Lim Wei")] == [
        ("Late", "Tue 17, 09:00")
    ]
    relocations.finish(session, SYSTEM, planned.id)
    session.flush()
    assert lane_of(dispatch.board(session, SYSTEM, date(2026, 3, 18)), "Lim Wei") == []


def lane_of(board, name):
    return next(lane for lane in lanes(board, {}) if lane["name"] == name)["cards"]
