"""Lorry trips over REST (seed: "Lorry Trip Tracking")."""

import pytest
from sqlalchemy import select

from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalLorry, RentalLorryTrip
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_driver, make_lorry

UNKNOWN = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def payload(session, **overrides):
    given = {
        "lorry_id": str(make_lorry(session).id),
        "driver_id": str(make_driver(session).id),
        "from_location": "Warehouse KL",
        "to_location": "ABC Construction Site",
        "departed_at": "2026-01-15T09:00:00Z",
    }
    return given | overrides


def test_the_seeds_trip_is_recorded_and_ended(api, session):
    order = make_delivery_order(session)
    client = api.as_(Role.ADMIN)
    sent = payload(session, related_do_id=str(order.id), inventory_bin_id=str(order.bin_id))

    made = client.post("/v1/lorry-trips", json=sent)
    assert made.status_code == 201
    trip = made.json()["data"]
    assert trip | sent == trip
    assert (trip["status"], trip["arrived_at"]) == ("open", None)

    ended = client.patch(
        f"/v1/lorry-trips/{trip['id']}",
        json={"arrived_at": "2026-01-15T10:30:00Z", "notes": "Traffic delay on Jalan Ampang"},
    ).json()["data"]
    assert (ended["status"], ended["arrived_at"]) == ("closed", "2026-01-15T10:30:00Z")
    assert ended["notes"] == "Traffic delay on Jalan Ampang"


def test_trips_are_found_by_lorry_driver_and_business_date(api, session):
    client = api.as_(Role.ADMIN)
    morning = client.post("/v1/lorry-trips", json=payload(session)).json()["data"]
    night = client.post("/v1/lorry-trips", json=payload(session, departed_at="2026-01-15T16:30:00Z")).json()[
        "data"
    ]

    def ids(**params):
        return [row["id"] for row in client.get("/v1/lorry-trips", params=params).json()["data"]]

    assert ids() == [night["id"], morning["id"]]
    assert ids(**{"from": "2026-01-15", "to": "2026-01-15"}) == [morning["id"]]
    assert ids(**{"from": "2026-01-16", "to": "2026-01-16"}) == [night["id"]]
    assert ids(lorry_id=morning["lorry_id"]) == [morning["id"]]
    assert ids(driver_id=night["driver_id"]) == [night["id"]]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"lorry_id": UNKNOWN}, 404, None),
        ({"driver_id": UNKNOWN}, 404, None),
        ({"related_do_id": UNKNOWN}, 404, None),
        ({"inventory_bin_id": UNKNOWN}, 404, None),
        ({"arrived_at": "2026-01-15T08:59:59Z"}, 400, "arrived_at"),
        ({"departed_at": "yesterday"}, 400, "departed_at"),
        ({"from_location": "x" * 301}, 400, "from_location"),
    ],
)
def test_a_refused_trip_is_not_recorded(api, session, changed, code, field):
    answer = api.as_(Role.ADMIN).post("/v1/lorry-trips", json=payload(session, **changed))
    assert answer.status_code == code
    assert answer.json()["error"]["details"].get("field") == field
    assert session.scalars(select(RentalLorryTrip)).all() == []


def test_a_driver_records_and_sees_own_trips_only(api, session):
    own, other = make_driver(session), make_driver(session)
    client = api.as_(Role.DRIVER, subject_id=own.id)
    theirs = api.as_(Role.ADMIN).post("/v1/lorry-trips", json=payload(session, driver_id=str(other.id)))
    hidden = make_delivery_order(session)

    refused = client.post("/v1/lorry-trips", json=payload(session, driver_id=str(other.id)))
    not_mine = client.post(
        "/v1/lorry-trips", json=payload(session, driver_id=str(own.id), related_do_id=str(hidden.id))
    )
    mine = client.post("/v1/lorry-trips", json=payload(session, driver_id=str(own.id)))
    changed = client.patch(f"/v1/lorry-trips/{theirs.json()['data']['id']}", json={"notes": "x"})

    assert (refused.status_code, not_mine.status_code, changed.status_code) == (403, 404, 404)
    assert [row["id"] for row in client.get("/v1/lorry-trips").json()["data"]] == [mine.json()["data"]["id"]]


def test_only_the_office_corrects_a_trip_that_is_over(api, session):
    driver = make_driver(session)
    client = api.as_(Role.DRIVER, subject_id=driver.id)
    trip = client.post("/v1/lorry-trips", json=payload(session, driver_id=str(driver.id))).json()["data"]
    path = f"/v1/lorry-trips/{trip['id']}"
    ended = client.patch(path, json={"arrived_at": "2026-01-15T10:30:00Z"}).json()["data"]

    refused = client.patch(path, json={"arrived_at": "2026-01-15T23:30:00Z"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    office = api.as_(Role.ADMIN)
    assert office.get("/v1/lorry-trips").json()["data"][0]["arrived_at"] == ended["arrived_at"]
    corrected = office.patch(path, json={"arrived_at": "2026-01-15T11:00:00Z"}).json()["data"]
    assert corrected["arrived_at"] == "2026-01-15T11:00:00Z"


def test_a_lorry_whose_trip_is_ended_by_hand_is_available_again(api, session):
    order = drive(session, make_delivery_order(session), "started")
    lorry, trip = session.get(RentalLorry, order.lorry_id), session.scalars(select(RentalLorryTrip)).one()
    assert lorry.status == "in_use"

    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    answer = driver.patch(f"/v1/lorry-trips/{trip.id}", json={"arrived_at": "2199-01-01T00:00:00Z"})

    session.refresh(lorry)
    assert (answer.status_code, answer.json()["data"]["status"], lorry.status) == (200, "closed", "available")
    assert drive(session, order, "delivered").fulfilment_status == "delivered"
    assert lorry.status == "available"


def test_a_driver_can_not_take_a_lorry_off_the_road_that_another_job_drives(api, session):
    driven = drive(session, make_delivery_order(session), "started")
    mine = make_delivery_order(session)
    client = api.as_(Role.DRIVER, subject_id=mine.driver_id)
    sent = payload(
        session, lorry_id=str(driven.lorry_id), driver_id=str(mine.driver_id), related_do_id=str(mine.id)
    )

    trip = client.post("/v1/lorry-trips", json=sent).json()["data"]
    ended = client.patch(f"/v1/lorry-trips/{trip['id']}", json={"arrived_at": "2199-01-01T00:00:00Z"})

    lorry = session.get(RentalLorry, driven.lorry_id, populate_existing=True)
    assert (ended.json()["data"]["status"], lorry.status) == ("closed", "in_use")


def test_a_lorry_with_two_jobs_is_available_after_the_second(session):
    first = drive(session, make_delivery_order(session), "started")
    second = make_delivery_order(session, lorry_id=first.lorry_id)
    drive(session, second, "started")
    lorry = session.get(RentalLorry, first.lorry_id)

    drive(session, first, "delivered")
    assert lorry.status == "in_use"
    drive(session, second, "delivered")
    assert lorry.status == "available"
