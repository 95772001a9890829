"""A step that a phone without a signal sends later was done when the driver tapped it (docs/decisions/0018)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lattis_app.core.audit import AuditEntry
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBinMovement, RentalLorryTrip
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order

MADE = datetime(2026, 3, 16, 2, tzinfo=UTC)
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)


@pytest.fixture
def order(session, clock):
    """An order of 02:00; it is 08:00 now."""
    made = make_delivery_order(session)
    clock.advance(hours=6)
    return made


@pytest.fixture
def step(api, order):
    """The driver's step that was tapped some minutes ago."""

    def send(status, minutes_ago, **more):
        driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
        headers = {"Done-Ago": str(round(60 * minutes_ago))}
        return driver.patch(
            f"/v1/delivery-orders/{order.id}/status", json={"status": status} | more, headers=headers
        )

    return send


def at(hour, minute=0):
    return datetime(2026, 3, 16, hour, minute, tzinfo=UTC)


def movements(session, order):
    moved = RentalBinMovement.__table__.c
    rows = session.execute(
        select(moved.movement_type, moved.moved_at, moved.created_at)
        .where(moved.bin_id == order.bin_id)
        .order_by(moved.moved_at)
    )
    return [tuple(row) for row in rows]


def test_trip_movements_and_order_say_when_each_step_was_tapped(session, clock, order, step):
    add_photos(session, order)
    taps = {"started": 180, "delivered": 120, "collected": 60, "done": 30}
    for status, minutes_ago in taps.items():
        assert step(status, minutes_ago).status_code == 200

    session.expire_all()
    trip = session.scalars(select(RentalLorryTrip)).one()
    assert (order.started_at, order.delivered_at) == (at(5), at(6))
    assert (order.collected_at, order.done_at) == (at(7), at(7, 30))
    assert (trip.departed_at, trip.arrived_at) == (at(5), at(6))
    assert movements(session, order) == [("OUT", at(6), NOW), ("IN", at(7), NOW)]


def test_the_history_keeps_when_the_server_heard_of_it(session, clock, order, step):
    step("started", 180)
    audit = AuditEntry.__table__.c
    heard = select(audit.occurred_at).where(audit.action == "fulfilment_status.started")
    session.expire_all()
    assert (order.started_at, session.scalar(heard)) == (at(5), NOW)


@pytest.mark.parametrize(
    ("minutes_ago", "taken"),
    [
        (0, NOW),
        (1, at(7, 59)),
        (-1, NOW),
        (-2, NOW),
        (-3, NOW),
        (-60, NOW),
        (-(10**12), NOW),
        (359, at(2, 1)),
    ],
)
def test_the_future_is_taken_as_now_and_the_step_is_not_lost(session, order, step, minutes_ago, taken):
    assert step("started", minutes_ago).status_code == 200
    session.expire_all()
    assert (order.fulfilment_status, order.started_at) == ("started", taken)


@pytest.mark.parametrize("minutes_ago", [361, 24 * 60, 48 * 60, 10**9])
def test_nothing_is_done_before_the_order_was_issued(session, order, step, minutes_ago):
    assert step("started", minutes_ago).status_code == 200
    session.expire_all()
    assert order.started_at == MADE


@pytest.mark.parametrize(("hours_ago", "taken_ago"), [(23.5, 23.5), (24, 24), (24.5, 24), (71, 24)])
def test_a_phone_goes_without_a_signal_for_a_day_at_most(session, clock, order, step, hours_ago, taken_ago):
    clock.advance(hours=72)
    assert step("started", 60 * hours_ago).status_code == 200
    session.expire_all()
    assert order.started_at == clock.now() - timedelta(hours=taken_ago)


def test_no_step_is_done_before_the_step_that_came_before_it(session, order, step):
    add_photos(session, order)
    step("started", 60)
    assert step("delivered", 90).status_code == 200

    session.expire_all()
    trip = session.scalars(select(RentalLorryTrip)).one()
    assert (order.started_at, order.delivered_at) == (at(7), at(7))
    assert (trip.departed_at, trip.arrived_at) == (at(7), at(7))
    assert movements(session, order) == [("OUT", at(7), NOW)]


def test_no_movement_of_a_bin_is_before_one_that_the_office_recorded(api, session, clock, order, step):
    clock.advance(minutes=30)
    drive(session, order, "delivered")
    clock.advance(hours=4)
    office = api.as_(Role.ADMIN)
    moved = {"movement_type": "TRANSFER", "area": "Puchong"}
    assert office.post(f"/v1/bins/{order.bin_id}/movements", json=moved).status_code == 201
    clock.advance(hours=1)

    assert step("collected", 90).status_code == 200

    assert [moment for _, moment, _ in movements(session, order)] == [at(8, 30), at(12, 30), at(12, 30)]


def test_a_drive_does_not_end_before_the_departure_that_the_office_corrected(api, session, order, step):
    add_photos(session, order)
    step("started", 120)
    trip = session.scalars(select(RentalLorryTrip)).one()
    corrected = {"departed_at": "2026-03-16T07:30:00Z"}
    assert api.as_(Role.ADMIN).patch(f"/v1/lorry-trips/{trip.id}", json=corrected).status_code == 200

    assert step("delivered", 60).status_code == 200

    session.expire_all()
    assert (trip.departed_at, trip.arrived_at, order.delivered_at) == (at(7, 30), at(7, 30), at(7))


def test_a_failed_trip_ended_when_the_driver_gave_up(session, order, step):
    add_photos(session, order, 1)
    step("started", 120)
    assert step("failed", 45, reason="Gate locked").status_code == 200

    session.expire_all()
    trip = session.scalars(select(RentalLorryTrip)).one()
    assert (order.failed_at, trip.arrived_at) == (at(7, 15), at(7, 15))


def test_the_same_tap_sent_later_again_is_the_same_request(api, session, clock, order):
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    path, key = f"/v1/delivery-orders/{order.id}/status", {"Idempotency-Key": "start 1"}
    first = driver.patch(path, json={"status": "started"}, headers=key | {"Done-Ago": "60"})
    clock.advance(minutes=5)
    second = driver.patch(path, json={"status": "started"}, headers=key | {"Done-Ago": "360"})

    assert (first.status_code, second.json()) == (200, first.json())
    session.expire_all()
    assert order.started_at == at(7, 59)


def test_what_is_no_number_of_seconds_is_a_bad_request(api, session, order):
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    path = f"/v1/delivery-orders/{order.id}/status"
    answer = driver.patch(path, json={"status": "started"}, headers={"Done-Ago": "soon"})
    session.expire_all()
    assert (answer.status_code, order.fulfilment_status) == (400, "assigned")
