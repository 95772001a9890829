"""Two dispatchers at the same moment: the last bin, a driver and a lorry are promised once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from lattis_app.core import limits
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.rental.models import RentalBooking
from tests.factories.identity import make_token, make_user
from tests.factories.rental import make_customer
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry

AT_ONCE = 8
MORNING = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
B = columns(RentalBooking)


@pytest.fixture
def offices(committed_database, rest_api, clock):
    """As many administrators, each signed in on their own, on a database that really commits."""
    limits.forget()
    with unit_of_work() as session:
        tokens = [make_token(session, make_user(session)) for _ in range(AT_ONCE)]
    return [
        TestClient(rest_api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)
        for token in tokens
    ]


def assign_at_once(offices, choices):
    """What every administrator was answered; all press the button at the same moment."""
    ready = threading.Barrier(len(choices))

    def press(office, choice):
        booking, driver, lorry = choice
        ready.wait()
        sent = {"driver_id": str(driver), "lorry_id": str(lorry)}
        return office.post(f"/v1/orders/{booking}/assign", json=sent)

    with ThreadPoolExecutor(len(choices)) as threads:
        return list(threads.map(press, offices, choices))


def world(session, bins, bookings, drivers, lorries, apart=timedelta(0)):
    """Ids of bookings, drivers and lorries on a fleet of so many bins."""
    customer = make_customer(session)
    for _ in range(bins):
        make_bin(session)
    wanted = [
        make_booking(session, customer_id=customer.id, scheduled_at=MORNING + apart * place).id
        for place in range(bookings)
    ]
    return (
        wanted,
        [make_driver(session, jobs_per_day=50).id for _ in range(drivers)],
        [make_lorry(session).id for _ in range(lorries)],
    )


def statuses():
    with reading() as session:
        return Counter(session.scalars(select(B.status)))


def refusals(answers):
    return [answer.json()["error"] for answer in answers if answer.status_code != 200]


@pytest.mark.parametrize("bins", [1, 3])
def test_the_last_bins_are_promised_as_often_as_they_exist(offices, bins):
    with unit_of_work() as session:
        bookings, drivers, lorries = world(session, bins, AT_ONCE, AT_ONCE, AT_ONCE)

    answers = assign_at_once(offices, list(zip(bookings, drivers, lorries, strict=True)))

    assert Counter(answer.status_code for answer in answers) == {200: bins, 412: AT_ONCE - bins}
    for refusal in refusals(answers):
        assert refusal["details"]["next_free_on"] == "2026-03-31"
        assert (
            refusal["message"]
            == "No 4 × 12 × 6 ft bin is free on 2026-03-17; the next free day is 2026-03-31"
        )
    assert statuses() == {"assigned": bins, "pending": AT_ONCE - bins}


def test_one_driver_gets_one_of_the_jobs_at_the_same_hour(offices):
    with unit_of_work() as session:
        bookings, (driver,), lorries = world(session, AT_ONCE, AT_ONCE, 1, AT_ONCE)

    answers = assign_at_once(
        offices, [(each, driver, lorry) for each, lorry in zip(bookings, lorries, strict=True)]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: AT_ONCE - 1}
    assert {refusal["details"]["field"] for refusal in refusals(answers)} == {"driver_id"}
    assert statuses() == {"assigned": 1, "pending": AT_ONCE - 1}


def test_one_driver_never_gets_more_jobs_than_fit_in_a_day(offices):
    with unit_of_work() as session:
        bookings, _, lorries = world(session, AT_ONCE, AT_ONCE, 0, AT_ONCE, apart=timedelta(hours=1))
        driver = make_driver(session, jobs_per_day=3).id

    answers = assign_at_once(
        offices, [(each, driver, lorry) for each, lorry in zip(bookings, lorries, strict=True)]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 3, 412: AT_ONCE - 3}
    assert {refusal["details"]["reason"] for refusal in refusals(answers)} == {
        "has 3 of at most 3 jobs that day"
    }
    assert statuses() == {"assigned": 3, "pending": AT_ONCE - 3}


def test_one_lorry_goes_with_one_of_the_drivers(offices):
    with unit_of_work() as session:
        bookings, drivers, (lorry,) = world(session, AT_ONCE, AT_ONCE, AT_ONCE, 1)

    answers = assign_at_once(
        offices, [(each, driver, lorry) for each, driver in zip(bookings, drivers, strict=True)]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: AT_ONCE - 1}
    assert {refusal["details"]["field"] for refusal in refusals(answers)} == {"lorry_id"}
    assert statuses() == {"assigned": 1, "pending": AT_ONCE - 1}


def test_one_booking_is_assigned_once(offices):
    with unit_of_work() as session:
        (booking,), drivers, lorries = world(session, AT_ONCE, 1, AT_ONCE, AT_ONCE)

    answers = assign_at_once(offices, [(booking, *pair) for pair in zip(drivers, lorries, strict=True)])

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: AT_ONCE - 1}
    (winner,) = [answer.json()["data"] for answer in answers if answer.status_code == 200]
    with reading() as session:
        kept = session.scalars(select(RentalBooking)).one()
        assert (str(kept.driver_id), str(kept.lorry_id)) == (winner["driver_id"], winner["lorry_id"])


def test_drivers_and_lorries_crossed_between_dispatchers_never_wait_for_each_other(offices):
    with unit_of_work() as session:
        bookings, drivers, lorries = world(session, AT_ONCE, AT_ONCE, 2, 2, apart=timedelta(hours=2))
    choices = [(each, drivers[place % 2], lorries[place // 2 % 2]) for place, each in enumerate(bookings)]

    answers = assign_at_once(offices, choices)

    assert Counter(answer.status_code for answer in answers) == {200: AT_ONCE}
