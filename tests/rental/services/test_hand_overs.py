"""Drivers' cash: counted, over and short, signed, and never twice (docs/domains/rental.md, "Driver's cash")."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from lattis_app.core import limits
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, unit_of_work
from lattis_app.core.errors import Forbidden, InvalidTransition, NotFound
from lattis_app.core.events import EventRow
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.ledger.queries import checks
from lattis_app.rental.models import RentalHandOver
from lattis_app.rental.queries import driver_cash as queries
from lattis_app.rental.rules.hand_overs import CashChanged, DifferenceUnexplained, NothingHeld
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import hand_overs, payments, refunds
from tests.factories.identity import make_actor, make_token, make_user
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_driver

E, EV = columns(LedgerEntry), columns(EventRow)
MANY = 20


@pytest.fixture
def driver(session, clock):
    """A driver who took 300.00 in cash and 50.00 by e-wallet."""
    driver = make_driver(session, name="Lim Wei")
    take(session, driver, "300.00")
    take(session, driver, "50.00", "EWALLET")
    return driver


def take(session, driver, amount, method="CASH"):
    order = make_delivery_order(session, driver_id=driver.id)
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method=method, amount=amount))
    session.flush()
    return order


def count(session, driver, counted, note="", expected=None):
    entry = HandOverEntry(counted=counted, note=note, expected=expected)
    made = hand_overs.count(session, SYSTEM, driver.id, entry)
    session.flush()
    return made


def held(session, driver):
    return queries.find(session, SYSTEM, driver.id).held


def books(session):
    sums = session.execute(select(E.account, func.sum(E.amount_minor)).group_by(E.account))
    wanted = ("driver_cash", "office_cash", "cash_over_short")
    return {account: int(total) for account, total in sums if total and account in wanted}


def agrees(session):
    return checks.check(session, SYSTEM).status == "balanced"


def counts(session):
    return session.scalar(select(func.count()).select_from(RentalHandOver))


@pytest.mark.parametrize(
    ("counted", "note", "expected"),
    [
        ("300.00", "", {"office_cash": 30000}),
        ("280.50", "Gave change", {"office_cash": 28050, "cash_over_short": 1950}),
        ("310.00", "Tip left in", {"office_cash": 31000, "cash_over_short": -1000}),
        ("0", "Robbed", {"cash_over_short": 30000}),
    ],
)
def test_all_cash_is_taken_over_as_counted_and_the_difference_is_booked(
    session, driver, counted, note, expected
):
    made = count(session, driver, counted, note)
    assert (made.hand_over_number, made.status, made.expected_minor) == ("HO-2026-00001", "counted", 30000)
    assert (books(session), held(session, driver), agrees(session)) == (expected, 0, True)
    assert session.scalars(select(EV.name).where(EV.name.startswith("cash."))).all() == ["cash.counted"]


def test_a_difference_needs_a_note(session, driver):
    for counted, words in (
        ("299.99", "say why RM 0.01 is missing"),
        ("301.00", "say why there is RM 1.00 too much"),
    ):
        with pytest.raises(DifferenceUnexplained) as refused, session.begin_nested():
            count(session, driver, counted)
        assert (refused.value.details["field"], refused.value.details["reason"]) == ("note", words)
    assert (counts(session), books(session)) == (0, {"driver_cash": 30000})


def test_cash_taken_while_the_office_counts_makes_it_count_again(session, driver):
    take(session, driver, "20.00")
    with pytest.raises(CashChanged) as refused, session.begin_nested():
        count(session, driver, "300.00", expected="300.00")
    assert refused.value.details["reason"] == "is now RM 320.00"
    assert (counts(session), books(session)) == (0, {"driver_cash": 32000})
    count(session, driver, "320.00", expected="320.00")
    assert held(session, driver) == 0


def test_who_holds_nothing_hands_nothing_over(session, driver):
    with pytest.raises(NothingHeld):
        count(session, make_driver(session), "0")
    with pytest.raises(NotFound):
        hand_overs.count(session, SYSTEM, make_delivery_order(session).id, HandOverEntry(counted=1))
    assert counts(session) == 0


def test_the_driver_confirms_their_own_count_once(session, driver):
    made = count(session, driver, "300.00")
    another = make_actor(session, Role.DRIVER, make_driver(session).id)
    with pytest.raises(NotFound):
        hand_overs.confirm(session, another, made.id)
    own = make_actor(session, Role.DRIVER, driver.id)
    hand_overs.confirm(session, own, made.id)
    session.flush()
    assert (made.status, made.signed_by) == ("signed_off", own.name)
    with pytest.raises(InvalidTransition):
        hand_overs.sign_off(session, SYSTEM, made.id)
    with pytest.raises(InvalidTransition):
        hand_overs.cancel(session, SYSTEM, made.id, "Too late")
    assert (books(session), agrees(session)) == ({"office_cash": 30000}, True)


def test_a_driver_neither_counts_nor_signs_in_the_offices_place(session, driver):
    own = make_actor(session, Role.DRIVER, driver.id)
    with pytest.raises(Forbidden):
        hand_overs.count(session, own, driver.id, HandOverEntry(counted=300))
    made = count(session, driver, "300.00")
    for act in (hand_overs.sign_off, lambda *given: hand_overs.cancel(*given, "No")):
        with pytest.raises(Forbidden):
            act(session, own, made.id)
    assert made.status == "counted"


def test_the_next_count_waits_until_the_last_is_signed(session, driver):
    first = count(session, driver, "300.00")
    take(session, driver, "40.00")
    with pytest.raises(hand_overs.CountUnsigned), session.begin_nested():
        count(session, driver, "40.00")
    assert counts(session) == 1
    hand_overs.sign_off(session, SYSTEM, first.id)
    session.flush()
    assert count(session, driver, "40.00").hand_over_number == "HO-2026-00002"


def test_a_cancelled_count_gives_the_cash_back_to_the_driver(session, driver):
    made = count(session, driver, "250.00", "Counted in a hurry")
    hand_overs.cancel(session, SYSTEM, made.id, "Miscounted")
    session.flush()
    assert (made.status, made.cancellation, books(session)) == (
        "cancelled",
        "Miscounted",
        {"driver_cash": 30000},
    )
    assert agrees(session)
    count(session, driver, "300.00")
    assert (books(session), agrees(session)) == ({"office_cash": 30000}, True)


def test_a_refund_after_the_hand_over_comes_from_the_office(session, driver, clock):
    order = take(session, driver, "100.00")
    hand_overs.sign_off(session, SYSTEM, count(session, driver, "400.00").id)
    take(session, driver, "30.00")
    entry = RefundEntry(target_type="DO", target_id=order.id, reason="Called off", amount=100)
    refund = refunds.request(session, SYSTEM, entry)
    session.flush()
    refunds.approve(session, SYSTEM, refund.id)
    session.flush()
    refunds.process(session, SYSTEM, refund.id, RefundPayout())
    session.flush()
    assert (books(session), held(session, driver)) == ({"office_cash": 40000 - 7000}, 0)
    assert agrees(session)


def test_a_month_brings_forward_what_was_held_and_adds_up(session, driver, clock):
    clock.advance(days=20)
    take(session, driver, "70.00")
    count(session, driver, "360.00", "Short")
    take(session, driver, "15.00")
    found = queries.find(session, SYSTEM, driver.id)
    month = found.month
    assert (month.brought_forward, month.collected, month.given_back, month.handed_over, found.held) == (
        30000,
        8500,
        0,
        37000,
        1500,
    )
    assert [(each.kind, each.amount) for each in found.movements] == [
        ("payment.received", 1500),
        ("cash.handed_over", -37000),
        ("payment.received", 7000),
        ("payment.received", 30000),
    ]
    assert (found.unsigned, [each.difference for each in found.hand_overs]) == (True, [-1000])


def test_the_office_sees_who_holds_most_and_whose_count_waits(api, session, driver):
    idle, rich = make_driver(session, name="Idle"), make_driver(session, name="Rich")
    take(session, rich, "350.00")
    count(session, driver, "300.00")
    office = api.as_(Role.ADMIN)

    def found(query):
        rows = office.get(f"/v1/driver-cash?{query}").json()["data"]
        return [(row["driver_name"], row["held"], row["unsigned"]) for row in rows]

    assert found("") == [("Rich", 350.0, False), ("Lim Wei", 0.0, True), ("Idle", 0.0, False)]
    assert found("holding=true") == [("Rich", 350.0, False)]
    assert found("holding=false&sort=driver_name") == [("Idle", 0.0, False), ("Lim Wei", 0.0, True)]
    assert found("unsigned=true") == [("Lim Wei", 0.0, True)]
    assert found("q=idl") == [(idle.name, 0.0, False)]
    assert api.as_(Role.DRIVER, subject_id=driver.id).get("/v1/driver-cash").status_code == 403


def test_the_drivers_cash_shows_the_count_and_is_confirmed_from_there(api, session, driver):
    made = count(session, driver, "290.00", "Short")
    own = api.as_(Role.DRIVER, subject_id=driver.id)
    cash = own.get("/v1/me/cash").json()["data"]
    assert [cash[name] for name in ("held", "collected_today")] == [0.0, 350.0]
    assert cash["month"] | {"since": ""} == {
        "since": "",
        "brought_forward": 0.0,
        "collected": 300.0,
        "given_back": 0.0,
        "handed_over": 300.0,
    }
    (shown,) = cash["hand_overs"]
    assert (shown["status"], shown["counted"], shown["difference"]) == ("counted", 290.0, -10.0)
    confirmed = own.post(f"/v1/me/hand-overs/{made.id}/confirm").json()["data"]["hand_overs"]
    assert [each["status"] for each in confirmed] == ["signed_off"]


@pytest.fixture
def office(committed_database, rest_api, monkeypatch):
    """An administrator's client on a database that really commits."""
    limits.forget()
    with unit_of_work() as session:
        token = make_token(session, make_user(session))
    return TestClient(rest_api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def all_at_once(calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_of_twenty_counts_at_once_one_stands(office):
    with unit_of_work() as session:
        driver_id = make_driver(session).id
        take_for(session, driver_id, 300)
    path, body = f"/v1/driver-cash/{driver_id}/hand-overs", {"counted": 300}

    answers = all_at_once([lambda: office.post(path, json=body)] * MANY)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 412: 19}
    with unit_of_work() as session:
        assert (books(session), agrees(session)) == ({"office_cash": 30000}, True)


def test_a_count_that_is_taken_back_during_the_next_one_stays_with_the_driver(office, monkeypatch):
    """The next count has read what the driver holds already: it must not stand beside the cash that comes back."""
    with unit_of_work() as session:
        driver_id = make_driver(session).id
        take_for(session, driver_id, 100)
    with unit_of_work() as session:
        first_id = hand_overs.count(session, SYSTEM, driver_id, HandOverEntry(counted=100)).id
        take_for(session, driver_id, 50)
    ask, cancelled = hand_overs._require_signed, []

    def cancel():
        with unit_of_work() as session:
            hand_overs.cancel(session, SYSTEM, first_id, "Counted the wrong bag")

    with ThreadPoolExecutor(1) as pool:

        def meanwhile(session, driver_id):
            cancelled.append(pool.submit(cancel))
            wait(cancelled, timeout=1)
            ask(session, driver_id)

        monkeypatch.setattr(hand_overs, "_require_signed", meanwhile)
        with pytest.raises(hand_overs.CountUnsigned), unit_of_work() as session:
            hand_overs.count(session, SYSTEM, driver_id, HandOverEntry(counted=50))
        cancelled[0].result()

    with unit_of_work() as session:
        assert (books(session), counts(session)) == ({"driver_cash": 15000}, 1)


def test_money_that_comes_in_during_a_count_is_held_afterwards_or_counted_never_lost(office):
    with unit_of_work() as session:
        driver_id = make_driver(session).id
        take_for(session, driver_id, 100)
        orders = [make_delivery_order(session, driver_id=driver_id).id for _ in range(10)]

    def collect(order_id):
        with unit_of_work() as session:
            entry = CollectionEntry(payment_method="CASH", amount=10)
            payments.collect(session, SYSTEM, order_id, entry)

    path = f"/v1/driver-cash/{driver_id}/hand-overs"
    taking = [lambda order_id=order_id: collect(order_id) for order_id in orders]
    counting = [lambda: office.post(path, json={"counted": 100, "note": "While more came in"})] * 3
    answers = all_at_once([*taking[:5], *counting, *taking[5:]])

    made = next(
        answer.json()["data"] for answer in answers if answer is not None and answer.status_code == 201
    )
    with unit_of_work() as session:
        found = queries.find(session, SYSTEM, driver_id)
        assert found.held == 20000 - round(made["expected"] * 100)
        assert (counts(session), agrees(session)) == (1, True)


def take_for(session, driver_id, amount):
    order = make_delivery_order(session, driver_id=driver_id)
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount=amount))
