"""Delivery orders under races and crashes: what is half done is not done."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.core.errors import Conflict, DomainError, InvalidTransition
from lattis_app.core.events import EventRow
from lattis_app.core.numbering import NumberSeries
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import (
    RentalBin,
    RentalBinMovement,
    RentalCommission,
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
    RentalLorryTrip,
)
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderEntry, StepEntry
from lattis_app.rental.services import delivery_orders, fulfilments
from tests.factories.identity import make_token, make_user
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order, order_payload
from tests.factories.rental_operations import make_bin

D, N = columns(RentalDeliveryOrder), columns(RentalBin)


def at_once(number: int, work: Callable[[int], object]) -> list[object]:
    """What each of several threads got from starting the same work at the same moment."""
    ready = threading.Barrier(number)

    def attempt(place: int) -> object:
        ready.wait()
        try:
            return work(place)
        except DomainError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(attempt, range(number)))


def counts(*models):
    with reading() as session:
        return [session.execute(select(func.count()).select_from(model)).scalar_one() for model in models]


def test_fifty_orders_for_one_bin_make_one(committed_database):
    with unit_of_work() as session:
        entry = DeliveryOrderEntry.model_validate(order_payload(session))

    def create(_place):
        with unit_of_work() as session:
            return delivery_orders.create(session, SYSTEM, entry).system_do_number

    got = at_once(50, create)

    numbers = [each for each in got if isinstance(each, str)]
    assert len(numbers) == 1
    assert sum(issubclass(each, Conflict) for each in got if isinstance(each, type)) == 49
    assert counts(RentalDeliveryOrder, RentalDeliveryOrderLine) == [1, 1]
    with reading() as session:
        taken = session.scalars(select(RentalBin)).one()
        assert taken.delivery_order_id == session.scalar(select(D.id))


def test_fifty_issues_give_fifty_numbers_without_a_gap(committed_database):
    with unit_of_work() as session:
        customer = make_customer(session)
        drafts = [make_delivery_order(session, customer_id=customer.id, draft=True).id for _ in range(50)]

    def issue(place):
        with unit_of_work() as session:
            return delivery_orders.issue(session, SYSTEM, drafts[place]).system_do_number

    numbers = at_once(50, issue)

    year = numbers[0].split("-")[1]
    assert sorted(numbers) == [f"DO-{year}-{number:05}" for number in range(1, 51)]


def test_one_draft_issued_twenty_times_at_once_has_one_number(committed_database):
    with unit_of_work() as session:
        draft = make_delivery_order(session, draft=True).id

    def issue(_place):
        with unit_of_work() as session:
            return delivery_orders.issue(session, SYSTEM, draft).system_do_number

    got = at_once(20, issue)

    assert sum(isinstance(each, str) for each in got) == 1
    assert got.count(InvalidTransition) == 19
    with reading() as session:
        assert session.scalar(select(columns(NumberSeries).last)) == 1


def test_one_step_taken_twenty_times_at_once_is_taken_once(committed_database):
    with unit_of_work() as session:
        order = drive(session, make_delivery_order(session), "delivered").id

    def collect(_place):
        with unit_of_work() as session:
            fulfilments.step(session, SYSTEM, order, StepEntry(status="collected"))
            return "collected"

    got = at_once(20, collect)

    assert (got.count("collected"), got.count(InvalidTransition)) == (1, 19)
    assert counts(RentalBinMovement, RentalLorryTrip) == [2, 1]


def test_one_key_racing_over_rest_makes_one_order(committed_database, rest_api):
    with unit_of_work() as session:
        token = make_token(session, make_user(session, Role.ADMIN))
        sent = order_payload(session)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "race"}

    def post(_place):
        answer = TestClient(rest_api).post("/v1/delivery-orders", json=sent, headers=headers)
        return answer.status_code, answer.json().get("data", {}).get("id")

    got = at_once(10, post)

    made = {each for each in got if each[0] == 201}
    assert len(made) == 1
    assert {status for status, _ in got} <= {201, 409}
    assert counts(RentalDeliveryOrder) == [1]


def test_racing_a_cancellation_and_a_delivery_leaves_one_of_them(committed_database):
    with unit_of_work() as session:
        order = drive(session, make_delivery_order(session), "started")
        add_photos(session, order)
        order_id = order.id

    def either(place):
        with unit_of_work() as session:
            if place % 2:
                delivery_orders.cancel(session, SYSTEM, order_id, "Called off")
            else:
                fulfilments.step(session, SYSTEM, order_id, StepEntry(status="delivered"))
            return "done"

    assert at_once(2, either).count("done") == 1
    with reading() as session:
        order = session.get(RentalDeliveryOrder, order_id)
        bin_ = session.get(RentalBin, order.bin_id)
        assert (order.status, order.fulfilment_status, bin_.status) in {
            ("cancelled", "started", "in_warehouse"),
            ("issued", "delivered", "with_customer"),
        }


@pytest.mark.parametrize("at", ["take_number", "_tell_driver", "move"])
def test_a_crash_half_way_leaves_no_order_and_no_taken_bin(committed_database, monkeypatch, at):
    with unit_of_work() as session:
        entry = DeliveryOrderEntry.model_validate(order_payload(session, introducer_name="Siti"))

    def crash(*_args, **_kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(delivery_orders, at, crash)
    if at == "_tell_driver":
        monkeypatch.setattr(delivery_orders, "DoIssued", crash)
    with pytest.raises(RuntimeError), unit_of_work() as session:
        delivery_orders.create(session, SYSTEM, entry)

    tables = (RentalDeliveryOrder, RentalDeliveryOrderLine, RentalCommission, EventRow, NumberSeries)
    assert counts(*tables) == [0, 0, 0, 0, 0]
    with reading() as session:
        assert session.execute(select(N.status, N.delivery_order_id)).one() == ("in_warehouse", None)


def test_a_crash_while_delivering_leaves_the_bin_where_it_was(committed_database, monkeypatch):
    with unit_of_work() as session:
        order = drive(session, make_delivery_order(session), "started")
        add_photos(session, order)
        order_id = order.id

    def crash(*_args, **_kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(fulfilments, "move", crash)
    with pytest.raises(RuntimeError), unit_of_work() as session:
        fulfilments.step(session, SYSTEM, order_id, StepEntry(status="delivered"))

    assert counts(RentalBinMovement) == [0]
    with reading() as session:
        assert session.scalar(select(N.status)) == "assigned"
        assert session.scalar(select(D.fulfilment_status)) == "started"
        assert session.scalar(select(columns(RentalLorryTrip).arrived_at)) is None


def test_two_orders_for_two_bins_do_not_wait_for_each_other(committed_database):
    with unit_of_work() as session:
        customer = make_customer(session)
        entries = [
            DeliveryOrderEntry.model_validate(
                order_payload(session, customer_id=customer.id, inventory_bin_id=make_bin(session).id)
            )
            for _ in range(20)
        ]

    def create(place):
        with unit_of_work() as session:
            return delivery_orders.create(session, SYSTEM, entries[place]).system_do_number

    assert len(set(at_once(20, create))) == 20
