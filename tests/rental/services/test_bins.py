"""Bins go where movements take them, and nowhere else (contract: rental.md, "Bin")."""

from itertools import product

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Invalid, InvalidTransition, NotFound
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBin, RentalBinMovement
from lattis_app.rental.schemas.bins import BinChanges, BinEntry, MovementEntry
from lattis_app.rental.schemas.delivery_orders import StepEntry
from lattis_app.rental.services import bins, delivery_orders, fulfilments
from lattis_app.rental.statuses import BinStatus, MovementType
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order
from tests.factories.rental_operations import make_bin
from tests.rental.rules.test_movements import EDGES, POSSIBLE

UNKNOWN = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
WAY = {
    "in_warehouse": (),
    "with_customer": ("OUT",),
    "collected": ("OUT", "IN"),
    "repair": ("REPAIR",),
}
PAIRS = list(product([str(kind) for kind in MovementType], WAY))


def move(session, moved, kind, **values):
    movement = bins.move(session, SYSTEM, moved.id, MovementEntry(movement_type=kind, **values))
    session.flush()
    return movement


def bin_at(session, status):
    made = make_bin(session)
    for kind in WAY[status]:
        move(session, made, kind)
    assert made.status == status
    return made


def movements(session):
    statement = select(RentalBinMovement).order_by(RentalBinMovement.created_at)
    found = session.scalars(statement).all()
    return [(each.movement_type, each.from_status, each.to_status) for each in found]


@pytest.mark.parametrize(("kind", "current"), [pair for pair in PAIRS if pair in EDGES])
def test_a_movement_moves_the_bin_and_is_written_down(session, clock, kind, current):
    moved = bin_at(session, current)
    before = len(movements(session))

    movement = move(session, moved, kind, area="Johor", state="Johor", notes="By hand")

    assert (moved.status, moved.area, moved.state) == (EDGES[kind, current], "Johor", "Johor")
    assert (movement.from_status, movement.to_status) == (current, EDGES[kind, current])
    assert (movement.notes, movement.moved_at, movement.moved_by) == ("By hand", clock.now(), SYSTEM.name)
    assert len(movements(session)) == before + 1


@pytest.mark.parametrize(("kind", "current"), [pair for pair in PAIRS if pair not in EDGES])
def test_any_other_movement_is_refused_and_changes_nothing(session, kind, current):
    moved = bin_at(session, current)
    before = movements(session)

    with pytest.raises(InvalidTransition) as refused:
        move(session, moved, kind, area="Johor")

    session.refresh(moved)
    assert (refused.value.details["current"], refused.value.details["allowed"]) == (
        current,
        POSSIBLE[current],
    )
    assert (moved.status, moved.area, movements(session)) == (current, "Klang Valley", before)


@pytest.mark.parametrize("kind", ["IN", "TRANSFER", "REPAIR"])
def test_a_promised_bin_only_goes_out(session, kind):
    order = make_delivery_order(session)
    promised = session.get(RentalBin, order.bin_id)
    with pytest.raises(InvalidTransition):
        move(session, promised, kind, related_do_id=order.id)
    assert (promised.status, movements(session)) == ("assigned", [])


def test_a_promised_bin_goes_out_for_its_own_order_only(session):
    order = make_delivery_order(session)
    promised = session.get(RentalBin, order.bin_id)

    with pytest.raises(bins.BinPromised) as refused:
        move(session, promised, "OUT")
    assert (refused.value.details["field"], promised.status) == ("related_do_id", "assigned")

    movement = move(session, promised, "OUT", related_do_id=order.id)
    assert (promised.status, promised.delivery_order_id, promised.customer_id) == (
        "with_customer",
        order.id,
        order.customer_id,
    )
    assert (movement.related_do_id, movement.customer_id) == (order.id, order.customer_id)


def test_a_bin_that_is_home_belongs_to_nobody(session):
    order = drive(session, make_delivery_order(session), "collected")
    fetched = session.get(RentalBin, order.bin_id)
    assert (fetched.status, fetched.delivery_order_id) == ("collected", order.id)

    movement = move(session, fetched, "IN", related_do_id=order.id)

    assert (fetched.status, fetched.delivery_order_id, fetched.customer_id) == ("in_warehouse", None, None)
    assert (movement.related_do_id, movement.customer_id) == (order.id, order.customer_id)


def test_a_bin_is_not_moved_in_the_name_of_an_order_that_had_it_before(session):
    first = drive(session, make_delivery_order(session), "done")
    moved = session.get(RentalBin, first.bin_id)
    move(session, moved, "IN")
    second = drive(session, make_delivery_order(session, inventory_bin_id=moved.id), "delivered")
    before = movements(session)

    with pytest.raises(bins.BinPromised) as refused:
        move(session, moved, "IN", related_do_id=first.id)

    assert refused.value.message == f"Bin {moved.serial_number} belongs to another delivery order now"
    assert (moved.status, moved.delivery_order_id, movements(session)) == ("with_customer", second.id, before)


@pytest.mark.parametrize("state", ["draft", "cancelled", "failed", "done"])
def test_a_bin_does_not_go_out_for_an_order_that_is_not_running(session, state):
    order = make_delivery_order(session, draft=state == "draft")
    moved = session.get(RentalBin, order.bin_id)
    if state == "cancelled":
        delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    elif state == "failed":
        add_photos(session, order, 1)
        fulfilments.step(session, SYSTEM, order.id, StepEntry(status="failed", reason="Gate locked"))
    elif state == "done":
        drive(session, order, "done")
        move(session, moved, "IN")
    before = movements(session)

    with pytest.raises(Invalid) as refused:
        move(session, moved, "OUT", related_do_id=order.id)

    assert refused.value.details == {"field": "related_do_id", "reason": f"is {state}"}
    assert (moved.status, movements(session)) == ("in_warehouse", before)


def test_a_movement_names_an_order_about_this_bin(session):
    order, other = make_delivery_order(session), make_bin(session)
    with pytest.raises(Invalid) as refused:
        move(session, other, "OUT", related_do_id=order.id)
    assert refused.value.details == {"field": "related_do_id", "reason": "is about another bin"}
    with pytest.raises(NotFound):
        move(session, other, "OUT", related_do_id=UNKNOWN)
    assert (other.status, movements(session)) == ("in_warehouse", [])


def test_a_bin_taken_by_an_order_is_not_free_for_another(session):
    order = make_delivery_order(session)
    with pytest.raises(bins.BinNotFree) as refused:
        make_delivery_order(session, inventory_bin_id=order.bin_id)
    assert refused.value.code == "CONFLICT"
    assert refused.value.details == {
        "field": "inventory_bin_id",
        "reason": "is assigned",
        "status": "assigned",
    }


@pytest.mark.parametrize(
    ("status", "words"),
    [("with_customer", "with customer"), ("collected", "collected"), ("repair", "repair")],
)
def test_a_bin_that_is_elsewhere_is_not_free_and_says_where(session, status, words):
    away = bin_at(session, status)
    with pytest.raises(bins.BinNotFree) as refused:
        make_delivery_order(session, inventory_bin_id=away.id)
    assert refused.value.message == f"Bin {away.serial_number} is not free: it is {words}"
    assert away.status == status


def test_a_serial_number_is_nobody_elses_whatever_its_case(api, session):
    make_bin(session, serial_number="ASR100")
    sent = {"serial_number": "asr100", "size": {"h_ft": 4, "l_ft": 12, "w_ft": 6}}
    answer = api.as_(Role.ADMIN).post("/v1/bins", json=sent)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (409, "serial_number")
    assert len(session.scalars(select(RentalBin)).all()) == 1


@pytest.mark.parametrize(("status", "kept"), [(None, "in_warehouse"), ("repair", "repair")])
def test_a_new_bin_stands_in_the_warehouse_or_in_repair(session, status, kept):
    assert make_bin(session, **({"status": status} if status else {})).status == kept


@pytest.mark.parametrize(
    "status", [status for status in BinStatus if status not in ("in_warehouse", "repair")]
)
def test_a_new_bin_is_with_nobody(status):
    with pytest.raises(ValidationError):
        BinEntry(serial_number="ASR1", size={"h_ft": 4, "l_ft": 12, "w_ft": 6}, status=status)


def test_a_bin_is_changed_but_not_moved_by_hand(session):
    changed = make_bin(session)
    bins.update(
        session,
        SYSTEM,
        changed.id,
        BinChanges(size={"h_ft": 5, "l_ft": 12, "w_ft": "6.5"}, area=None, notes="Dent"),
    )
    assert [str(changed.h_ft), str(changed.l_ft), str(changed.w_ft)] == ["5", "12", "6.5"]
    assert (changed.area, changed.state, changed.notes) == ("", "Selangor", "Dent")
    with pytest.raises(ValidationError):
        BinChanges(status="repair")
