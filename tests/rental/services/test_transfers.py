"""Bins that move from site to site, or are exchanged for empty ones."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Conflict, Forbidden, NotFound
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import (
    RentalBin,
    RentalBinMovement,
    RentalCollectionReminder,
    RentalCommission,
    RentalDeliveryOrder,
)
from lattis_app.rental.pages.assignment_rows import lanes
from lattis_app.rental.pages.calendar import job_cell
from lattis_app.rental.pages.delivery_order_rows import details
from lattis_app.rental.pages.driver_parts import job_facts
from lattis_app.rental.queries import booking_calendar, delivery_orders, dispatch, driver_days
from lattis_app.rental.schemas.transfers import ExchangeEntry, RelocationEntry
from lattis_app.rental.services import transfers
from tests.factories.identity import make_actor
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_masters import make_price_card
from tests.factories.rental_operations import make_bin

AT = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def order(session, clock):
    return drive(session, make_delivery_order(session, area="Klang Valley", state="Selangor"), "delivered")


def test_a_bin_moves_with_its_orders_site(session, order):
    entry = RelocationEntry(site_address="9 Jalan Dua", area="Seremban", reason="Next site")
    transfers.relocate(session, SYSTEM, order.id, entry)
    session.flush()
    moved = session.get(RentalBin, order.bin_id)
    last = session.scalars(select(RentalBinMovement).order_by(RentalBinMovement.moved_at.desc())).all()
    transfer = next(each for each in last if each.movement_type == "TRANSFER")
    assert (order.site_address, order.area, order.state) == ("9 Jalan Dua", "Seremban", "Selangor")
    assert (moved.status, moved.area, moved.delivery_order_id) == ("with_customer", "Seremban", order.id)
    assert (transfer.area, transfer.notes, transfer.related_do_id) == ("Seremban", "Next site", order.id)


def test_an_exchange_is_a_new_order_to_the_same_site_and_a_reminder_of_the_full_bin(session, order):
    empty, card = make_bin(session), make_price_card(session)
    entry = ExchangeEntry(
        inventory_bin_id=empty.id, amount="360.00", scheduled_at=AT, waste_item_id=card.waste_item_id
    )
    made = transfers.exchange(session, SYSTEM, order.id, entry)
    session.flush()
    assert (made.status, made.bin_id, made.amount_minor, made.scheduled_at) == ("issued", empty.id, 36000, AT)
    kept = ("customer_id", "company_name", "driver_id", "lorry_id", "site_address", "area", "payment_method")
    assert [getattr(made, name) for name in kept] == [getattr(order, name) for name in kept]
    full = session.get(RentalBin, order.bin_id)
    assert made.notes == f"Exchange: take bin {full.serial_number} of {order.system_do_number} back"
    reminder = session.scalars(select(RentalCollectionReminder)).one()
    assert (reminder.delivery_order_id, reminder.scheduled_at, reminder.reminder_type) == (
        order.id,
        AT,
        "same_day",
    )
    assert (order.fulfilment_status, empty.status) == ("delivered", "assigned")


@pytest.mark.parametrize(
    ("standing", "named", "earns"),
    [("", None, ""), ("John Referrer", None, ""), ("John Referrer", "Mei Ling", "Mei Ling")],
)
def test_an_exchange_earns_a_commission_only_for_whom_it_names(session, clock, standing, named, earns):
    customer = make_customer(session, introducer_name=standing or None)
    first = make_delivery_order(session, customer_id=customer.id, introducer_name="Ali")
    drive(session, first, "delivered")
    assert introducers(session) == {first.id: "Ali"}
    entry = ExchangeEntry(
        inventory_bin_id=make_bin(session).id, amount=360, scheduled_at=AT, introducer_name=named
    )
    made = transfers.exchange(session, SYSTEM, first.id, entry)
    session.flush()
    assert (made.exchange_of_id, made.introducer_name) == (first.id, named or "")
    assert introducers(session) == {first.id: "Ali"} | ({made.id: earns} if earns else {})


def test_a_relocation_earns_nobody_a_second_commission(session, clock):
    order = drive(session, make_delivery_order(session, introducer_name="Ali"), "delivered")
    transfers.relocate(session, SYSTEM, order.id, RelocationEntry(site_address="9 Jalan Dua"))
    session.flush()
    assert introducers(session) == {order.id: "Ali"}
    assert order.introducer_name == "Ali"


def introducers(session):
    named = columns(RentalCommission)
    return dict(session.execute(select(named.delivery_order_id, named.introducer_name)).all())


def test_an_exchange_names_the_bin_it_takes_back_wherever_the_job_is_shown(session, order, admin):
    full, empty = session.get(RentalBin, order.bin_id), make_bin(session)
    entry = ExchangeEntry(inventory_bin_id=empty.id, amount=360, scheduled_at=AT)
    made = transfers.exchange(session, SYSTEM, order.id, entry)
    session.flush()
    shown = delivery_orders.find(session, admin, made.id)
    assert (shown.exchange_of_id, shown.exchanged_serial_number) == (order.id, full.serial_number)
    first = delivery_orders.find(session, admin, order.id)
    assert (first.exchange_of_id, first.exchanged_serial_number) == (None, None)
    words = f"Exchange {full.serial_number} for {empty.serial_number}"
    board = dispatch.board(session, SYSTEM, AT.date())
    cards = {card["id"]: card["what"] for lane in lanes(board, {}) for card in lane["cards"]}
    assert cards[str(made.id)] == f"{words} · Klang Valley"
    (job,) = booking_calendar.jobs(session, SYSTEM, AT.date(), AT.date())
    assert job_cell(job)["what"].startswith("Exchange · ")
    days = {
        job.id: job
        for job in driver_days.own(session, make_actor(session, Role.DRIVER, order.driver_id)).jobs
    }
    assert {key: job.exchanged_serial_number for key, job in days.items()} == {
        order.id: "",
        made.id: full.serial_number,
    }
    assert job_facts(shown, AT.date())["what"].startswith(words)
    taken = next(each for each in details(shown) if each["label"] == "Takes back")
    assert (taken["value"], taken["href"]) == (
        full.serial_number,
        f"/rental/delivery-orders?open={order.id}",
    )
    drive(session, made, "delivered")
    assert job_facts(delivery_orders.find(session, admin, made.id), AT.date())["what"].startswith(
        f"Collect {empty.serial_number}"
    )


@pytest.mark.parametrize("step", ["assigned", "started", "collected", "done"])
def test_only_a_bin_with_its_customer_is_moved_or_exchanged(session, clock, step):
    order = (
        drive(session, make_delivery_order(session), step)
        if step != "assigned"
        else make_delivery_order(session)
    )
    site = order.site_address
    with pytest.raises(transfers.BinNotWithCustomer):
        transfers.relocate(session, SYSTEM, order.id, RelocationEntry(site_address="9 Jalan Dua"))
    entry = ExchangeEntry(inventory_bin_id=make_bin(session).id, amount=1, scheduled_at=AT)
    with pytest.raises(transfers.BinNotWithCustomer):
        transfers.exchange(session, SYSTEM, order.id, entry)
    assert order.site_address == site
    assert len(session.scalars(select(RentalDeliveryOrder)).all()) == 1


def test_an_exchange_for_a_bin_that_is_not_free_changes_nothing(session, order):
    for bin_id, refusal in ((order.bin_id, Conflict), (uuid4(), NotFound)):
        entry = ExchangeEntry(inventory_bin_id=bin_id, amount=1, scheduled_at=AT)
        with pytest.raises(refusal), session.begin_nested():
            transfers.exchange(session, SYSTEM, order.id, entry)
    assert len(session.scalars(select(RentalDeliveryOrder)).all()) == 1
    assert session.scalars(select(RentalCollectionReminder)).all() == []


def test_drivers_leave_this_to_the_office(session, order):
    driver = make_actor(session, Role.DRIVER, order.driver_id)
    with pytest.raises(Forbidden):
        transfers.relocate(session, driver, order.id, RelocationEntry(site_address="9 Jalan Dua"))
