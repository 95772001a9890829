"""Drivers, dispatchers and bad lines at the same moment, over REST: one of them wins, and the records agree with who."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from lattis_app.attachments.models import Attachment
from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalDeliveryOrder, RentalLorry, RentalLorryTrip
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.services import bookings
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order, signature
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.races import at_once, caller, statuses

AT_ONCE = 6
MORNING = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
PATHS = {"booking": "/v1/orders", "order": "/v1/delivery-orders"}
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def started(committed_database):
    """An order on the road with its photos: its id and its driver's."""
    with db.unit_of_work() as session:
        order = drive(session, make_delivery_order(session), "started")
        add_photos(session, order)
        return order.id, order.driver_id


def the_order(order_id):
    """An order as it stands."""
    with db.reading() as session:
        return session.get_one(RentalDeliveryOrder, order_id)


def signatures():
    """How many signatures are kept."""
    with db.reading() as session:
        a = Attachment.__table__.c
        return session.scalar(select(func.count()).where(a.slot == "signature"))


def receives(order_id, name, drawn=True, key=""):
    """Note who received the bin of an order."""
    files = {"signature": ("signature.png", signature(), "image/png")} if drawn else None
    headers = {"Idempotency-Key": key} if key else None
    path = f"/v1/delivery-orders/{order_id}/receiver"
    return lambda client: client.post(path, data={"received_by": name}, files=files, headers=headers)


def steps(order_id, status, **said):
    """Take a driver's step."""
    path = f"/v1/delivery-orders/{order_id}/status"
    return lambda client: client.patch(path, json={"status": status, **said})


def test_before_the_delivery_the_receiver_who_is_kept_has_their_own_signature(rest_api, started):
    order_id, driver_id = started
    driver = caller(rest_api, Role.DRIVER, driver_id)
    asked = [
        (
            driver,
            receives(order_id, f"{'Signed' if place % 2 else 'Unsigned'} {place}", drawn=bool(place % 2)),
        )
        for place in range(AT_ONCE)
    ]
    answers = at_once(asked)

    order = the_order(order_id)
    assert statuses(answers) == [200] * AT_ONCE
    assert order.received_by in {answer.json()["data"]["received_by"] for answer in answers}
    (said,) = [
        each.json()["data"] for each in answers if each.json()["data"]["received_by"] == order.received_by
    ]
    assert said["signature_id"] == (str(order.signature_id) if order.signature_id else None)
    assert (order.signature_id is not None) == order.received_by.startswith("Signed")


def test_after_the_delivery_one_of_many_receivers_is_kept(rest_api, started):
    order_id, driver_id = started
    with db.unit_of_work() as session:
        drive(session, session.get_one(RentalDeliveryOrder, order_id), "delivered")
    callers = [caller(rest_api, Role.DRIVER, driver_id)] + [caller(rest_api) for _ in range(AT_ONCE - 1)]
    answers = at_once([(client, receives(order_id, f"P{place}")) for place, client in enumerate(callers)])

    assert statuses(answers) == [200] + [409] * (AT_ONCE - 1)
    assert the_order(order_id).received_by == f"P{[each.status_code for each in answers].index(200)}"
    assert signatures() == 1


def test_one_key_sent_at_once_notes_one_receiver(rest_api, started):
    order_id, driver_id = started
    driver = caller(rest_api, Role.DRIVER, driver_id)
    answers = at_once([(driver, receives(order_id, "Encik Lim", key="one tap"))] * AT_ONCE)

    assert set(statuses(answers)) <= {200, 409}
    done = [answer for answer in answers if answer.status_code == 200]
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in done) == 1
    assert {answer.json()["error"]["details"]["reason"] for answer in answers if answer not in done} <= {
        "still running"
    }
    assert signatures() == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("started", "delivered", {}),
        ("started", "failed", {"reason": "Gate locked"}),
        ("delivered", "collected", {}),
    ],
)
def test_a_receiver_and_a_step_of_the_job_agree_on_who_was_first(rest_api, started, before, after, said):
    order_id, driver_id = started
    with db.unit_of_work() as session:
        drive(session, session.get_one(RentalDeliveryOrder, order_id), before)
    driver, office = caller(rest_api, Role.DRIVER, driver_id), caller(rest_api)
    received, stepped = at_once(
        [(driver, receives(order_id, "Encik Lim")), (office, steps(order_id, after, **said))]
    )

    order = the_order(order_id)
    assert (stepped.status_code, order.fulfilment_status) == (200, after)
    assert received.status_code in ((200,) if after == "delivered" else (200, 412))
    noted = received.status_code == 200
    assert (order.received_by, signatures()) == (("Encik Lim", 1) if noted else ("", 0))


@pytest.mark.parametrize("kind", PATHS)
def test_of_those_who_pass_a_job_on_or_take_it_back_at_once_one_does(rest_api, committed_database, kind):
    with db.unit_of_work() as session:
        first, lorry = make_driver(session, name="Lim Wei").id, make_lorry(session).id
        crews = [(make_driver(session).id, make_lorry(session).id) for _ in range(AT_ONCE - 2)]
        job = job_of(session, kind, first, lorry)
    path, had = f"{PATHS[kind]}/{job}", {"from_driver_id": str(first)}
    moves = [
        (path + "/pass-on", had | {"driver_id": str(driver), "lorry_id": str(lorry_id)})
        for driver, lorry_id in crews
    ] + [(path + "/take-back", had)] * 2
    offices = [caller(rest_api) for _ in moves]
    answers = at_once([(office, post(*move)) for office, move in zip(offices, moves, strict=True)])

    assert statuses(answers) == [200] + [409] * (AT_ONCE - 1)
    (place,) = [place for place, answer in enumerate(answers) if answer.status_code == 200]
    shown = (
        offices[0].get(path.replace("/orders/", "/bookings/") if kind == "booking" else path).json()["data"]
    )
    assert (shown["driver_id"], shown["lorry_id"]) == (
        moves[place][1].get("driver_id"),
        moves[place][1].get("lorry_id"),
    )
    refused = {answer.json()["error"]["details"]["reason"] for answer in answers if answer.status_code == 409}
    assert refused == {"was changed by somebody else"}


def post(path, body):
    """Send this there."""
    return lambda client: client.post(path, json=body)


def job_of(session, kind, driver_id, lorry_id):
    """A job that a driver has."""
    if kind == "order":
        return make_delivery_order(session, scheduled_at=MORNING, driver_id=driver_id, lorry_id=lorry_id).id
    make_bin(session)
    booking = make_booking(session, scheduled_at=MORNING)
    bookings.assign(session, SYSTEM, booking.id, AssignmentEntry(driver_id=driver_id, lorry_id=lorry_id))
    return booking.id


@pytest.mark.parametrize("move", ["pass-on", "take-back"])
def test_a_trip_that_starts_while_the_job_is_moved_starts_for_whoever_has_it_or_not_at_all(
    rest_api, committed_database, move
):
    with db.unit_of_work() as session:
        first, second = make_driver(session).id, make_driver(session).id
        lorry, other = make_lorry(session).id, make_lorry(session).id
        job = job_of(session, "order", first, lorry)
    body = {"from_driver_id": str(first)}
    if move == "pass-on":
        body |= {"driver_id": str(second), "lorry_id": str(other)}
    office, driver = caller(rest_api), caller(rest_api, Role.DRIVER, first)
    moved, began = at_once(
        [(office, post(f"/v1/delivery-orders/{job}/{move}", body)), (driver, steps(job, "started"))]
    )

    order = the_order(job)
    with db.reading() as session:
        trips = [(each.driver_id, each.lorry_id) for each in session.scalars(select(RentalLorryTrip))]
        busy = set(session.scalars(select(RentalLorry.id).where(RentalLorry.status == "in_use")))
    if began.status_code == 200:
        assert (moved.status_code, order.fulfilment_status) == (412, "started")
        assert (trips, busy) == ([(first, lorry)], {lorry})
    else:
        assert (began.status_code, moved.status_code, order.fulfilment_status) == (404, 200, "assigned")
        assert (trips, busy) == ([], set())
        assert (order.driver_id, order.lorry_id) == ((second, other) if move == "pass-on" else (None, None))


def test_two_jobs_passed_on_crosswise_never_wait_for_each_other(rest_api, committed_database):
    with db.unit_of_work() as session:
        crews = [(make_driver(session).id, make_lorry(session).id) for _ in range(2)]
        jobs = [
            make_delivery_order(
                session,
                scheduled_at=MORNING.replace(hour=1 + 5 * place),
                driver_id=driver,
                lorry_id=lorry,
            ).id
            for place, (driver, lorry) in enumerate(crews)
        ]
    swaps = [
        (
            caller(rest_api),
            post(
                f"/v1/delivery-orders/{job}/pass-on",
                {"from_driver_id": str(had[0]), "driver_id": str(gets[0]), "lorry_id": str(gets[1])},
            ),
        )
        for job, had, gets in zip(jobs, crews, reversed(crews), strict=True)
    ]
    for _ in range(3):
        answers = at_once(swaps)
        assert statuses(answers) == [200, 200], [answer.text for answer in answers]
        assert [the_order(job).driver_id for job in jobs] == [crews[1][0], crews[0][0]]
        backs = at_once(
            [
                (
                    client,
                    post(
                        f"/v1/delivery-orders/{job}/pass-on",
                        {"from_driver_id": str(had[0]), "driver_id": str(gets[0]), "lorry_id": str(gets[1])},
                    ),
                )
                for (client, _), job, had, gets in zip(swaps, jobs, reversed(crews), crews, strict=True)
            ]
        )
        assert statuses(backs) == [200, 200], [answer.text for answer in backs]
