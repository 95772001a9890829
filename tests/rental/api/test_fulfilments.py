"""The driver's steps over REST (contract: rental.md, "Delivery order, driver's fulfilment_status")."""

from uuid import UUID

import pytest
from sqlalchemy import select

from lattis_app.attachments.models import Attachment
from lattis_app.core.audit import AuditEntry
from lattis_app.core.events import EventRow
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import (
    RentalBin,
    RentalBinMovement,
    RentalDeliveryOrderLine,
    RentalLorry,
    RentalLorryTrip,
)
from tests.factories.rental_delivery_orders import (
    add_photos,
    drive,
    make_delivery_order,
    photo,
    set_business,
)
from tests.factories.rental_operations import make_driver, make_lorry

ALL = ("assigned", "started", "delivered", "collected", "done", "failed")
ALLOWED = {
    "assigned": {"started", "failed"},
    "started": {"delivered", "failed"},
    "delivered": {"collected"},
    "collected": {"done"},
    "done": set(),
    "failed": set(),
}


@pytest.fixture
def order(session, clock):
    return make_delivery_order(session)


@pytest.fixture
def driver(api, order):
    return api.as_(Role.DRIVER, subject_id=order.driver_id)


def step(client, order, status, **more):
    return client.patch(f"/v1/delivery-orders/{order.id}/status", json={"status": status} | more)


def bin_of(session, order):
    return session.get(RentalBin, order.bin_id, populate_existing=True)


def movements(session, order):
    moved = RentalBinMovement.__table__.c
    rows = session.execute(
        select(moved.movement_type)
        .where(moved.related_do_id == order.id)
        .order_by(moved.created_at, moved.movement_type.desc())
    )
    return list(rows.scalars())


def test_a_driver_takes_a_job_from_start_to_end(api, session, clock, order, driver):
    started = step(driver, order, "started").json()["data"]
    trip = session.scalars(select(RentalLorryTrip)).one()
    assert (started["fulfilment_status"], started["started_at"]) == ("started", "2026-03-16T02:00:00Z")
    assert (trip.lorry_id, trip.driver_id, trip.bin_id) == (order.lorry_id, order.driver_id, order.bin_id)
    assert (trip.to_location, trip.arrived_at) == ("456 Jalan Puchong, 47100 Puchong", None)
    assert session.get(RentalLorry, order.lorry_id, populate_existing=True).status == "in_use"

    add_photos(session, order)
    clock.advance(minutes=10)
    delivered = step(driver, order, "delivered", notes="Left of the gate").json()["data"]
    assert (delivered["fulfilment_status"], delivered["photo_count"]) == ("delivered", 3)
    assert (delivered["delivered_at"], delivered["notes"]) == ("2026-03-16T02:10:00Z", "Left of the gate")
    session.refresh(trip)
    assert trip.arrived_at == clock.now()
    assert session.get(RentalLorry, order.lorry_id, populate_existing=True).status == "available"
    assert (bin_of(session, order).status, movements(session, order)) == ("with_customer", ["OUT"])

    clock.advance(days=3)
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    assert step(driver, order, "collected").json()["data"]["collected_at"] == "2026-03-19T02:10:00Z"
    assert (bin_of(session, order).status, movements(session, order)) == ("collected", ["OUT", "IN"])

    done = step(driver, order, "done").json()["data"]
    assert (done["fulfilment_status"], done["status"], done["done_at"]) == (
        "done",
        "issued",
        "2026-03-19T02:10:00Z",
    )
    names = session.scalars(
        select(EventRow.__table__.c.payload["fulfilment_status"].astext)
        .where(EventRow.__table__.c.name == "do.progressed")
        .order_by(EventRow.__table__.c.seq)
    )
    assert list(names) == ["started", "delivered", "collected", "done"]


@pytest.mark.parametrize("current", ["assigned", "started", "delivered", "collected", "done"])
def test_every_other_step_is_refused_and_changes_nothing(api, session, order, driver, current):
    drive(session, order, current)
    before = (bin_of(session, order).status, movements(session, order), order.updated_at)

    for status in sorted(set(ALL) - ALLOWED[current]):
        answer = step(driver, order, status, reason="Trying")
        error = answer.json()["error"]
        assert (answer.status_code, error["details"]["current"]) == (412, current)
        assert error["details"]["allowed"] == sorted(ALLOWED[current])

    session.expire_all()
    assert order.fulfilment_status == current
    assert (bin_of(session, order).status, movements(session, order), order.updated_at) == before


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_a_draft_or_cancelled_order_is_nobodys_job(api, session, status):
    order = make_delivery_order(session, draft=status == "draft")
    order.status = status
    session.flush()
    answer = step(api.as_(Role.DRIVER, subject_id=order.driver_id), order, "started")
    session.expire_all()
    assert (answer.status_code, order.fulfilment_status) == (412, "assigned")


@pytest.mark.parametrize("missing", ["driver_id", "lorry_id"])
def test_a_trip_needs_a_driver_and_a_lorry(api, session, missing):
    order = make_delivery_order(session, **{missing: None})
    answer = step(api.as_(Role.ADMIN), order, "started")
    session.expire_all()
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (412, missing)
    assert (order.fulfilment_status, session.scalars(select(RentalLorryTrip)).all()) == ("assigned", [])


@pytest.mark.parametrize("photos", [0, 2])
def test_a_delivery_needs_three_photos(session, order, driver, photos):
    drive(session, order, "started")
    add_photos(session, order, photos)

    answer = step(driver, order, "delivered")

    session.expire_all()
    assert answer.status_code == 412
    details = answer.json()["error"]["details"]
    assert (details["present"], details["required"]) == (photos, 3)
    assert (order.fulfilment_status, bin_of(session, order).status) == ("started", "assigned")
    assert movements(session, order) == []


def test_one_key_takes_one_step(session, order, driver):
    key = {"Idempotency-Key": "start 1"}
    path = f"/v1/delivery-orders/{order.id}/status"
    first = driver.patch(path, json={"status": "started"}, headers=key)
    second = driver.patch(path, json={"status": "started"}, headers=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(session.scalars(select(RentalLorryTrip)).all()) == 1


def test_an_administrator_may_drive_for_the_driver(api, session, order):
    assert step(api.as_(Role.ADMIN), order, "started").status_code == 200


def test_a_movement_that_the_office_recorded_is_not_recorded_twice(api, session, order, driver):
    office, path = api.as_(Role.ADMIN), f"/v1/bins/{order.bin_id}/movements"
    drive(session, order, "started")
    add_photos(session, order)

    office.post(path, json={"movement_type": "OUT", "related_do_id": str(order.id)})
    assert step(driver, order, "delivered").status_code == 200
    office.post(path, json={"movement_type": "IN"})
    office.post(path, json={"movement_type": "IN"})
    assert step(driver, order, "collected").status_code == 200

    assert movements(session, order) == ["OUT", "IN", "IN"]
    assert bin_of(session, order).status == "in_warehouse"


# ---- trips that fail -------------------------------------------------------------------------------------


@pytest.mark.parametrize("current", ["assigned", "started"])
def test_a_failed_trip_frees_bin_and_lorry_and_costs_the_fee(session, order, driver, current):
    set_business(session, failed_trip_fee_minor=8000)
    drive(session, order, current)
    add_photos(session, order, 1)

    data = step(driver, order, "failed", reason="Gate locked").json()["data"]

    assert (data["fulfilment_status"], data["failure_reason"]) == ("failed", "Gate locked")
    assert [(line["description"], line["amount"]) for line in data["waste_items"]] == [
        ("Construction debris", 350.0),
        ("Failed trip", 80.0),
    ]
    assert data["amount"] == 430.0
    assert bin_of(session, order).status == "in_warehouse"
    assert session.get(RentalLorry, order.lorry_id, populate_existing=True).status == "available"
    assert all(trip.arrived_at for trip in session.scalars(select(RentalLorryTrip)))
    audit = AuditEntry.__table__.c
    entry = session.execute(select(audit.reason).where(audit.action == "fulfilment_status.failed")).scalar()
    assert entry == "Gate locked"


def test_a_failed_trip_without_priced_lines_says_what_the_amount_was_for(api, session):
    set_business(session, failed_trip_fee_minor=8000)
    order = make_delivery_order(session, waste_items=[])
    add_photos(session, order, 1)

    data = step(api.as_(Role.ADMIN), order, "failed", reason="Gate locked").json()["data"]

    assert [(line["description"], line["amount"]) for line in data["waste_items"]] == [
        ("Bin rental 4 × 12 × 6 ft", 350.0),
        ("Failed trip", 80.0),
    ]
    assert data["amount"] == 430.0


def test_without_a_fee_a_failed_trip_adds_no_line(session, order, driver):
    set_business(session)
    add_photos(session, order, 1)
    data = step(driver, order, "failed", reason="Gate locked").json()["data"]
    assert (len(data["waste_items"]), data["amount"]) == (1, 350.0)


@pytest.mark.parametrize(
    ("photos", "sent", "code", "field"),
    [
        (1, {}, 400, "reason"),
        (1, {"reason": " "}, 400, "reason"),
        (0, {"reason": "Gate locked"}, 412, "photos"),
    ],
)
def test_a_failure_needs_a_reason_and_a_photo(session, order, driver, photos, sent, code, field):
    set_business(session, failed_trip_fee_minor=8000)
    add_photos(session, order, photos)

    answer = step(driver, order, "failed", **sent)

    session.expire_all()
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (code, field)
    assert (order.fulfilment_status, order.amount_minor) == ("assigned", 35000)
    assert len(session.scalars(select(RentalDeliveryOrderLine)).all()) == 1
    assert bin_of(session, order).status == "assigned"


@pytest.mark.parametrize(
    "sent",
    [{}, {"status": "lost"}, {"status": None}, {"status": "started", "driver_id": "x"}, {"status": 1}],
)
def test_a_step_that_does_not_exist_is_a_bad_request(session, order, driver, sent):
    answer = driver.patch(f"/v1/delivery-orders/{order.id}/status", json=sent)
    session.expire_all()
    assert (answer.status_code, order.fulfilment_status) == (400, "assigned")


# ---- lorry -----------------------------------------------------------------------------------------------


def test_a_driver_chooses_the_lorry_before_the_start(session, order, driver):
    other = make_lorry(session)
    path = f"/v1/delivery-orders/{order.id}/assign-lorry"

    chosen = driver.patch(path, json={"lorry_id": str(other.id)}).json()["data"]
    assert chosen["lorry_id"] == str(other.id)

    drive(session, order, "started")
    late = driver.patch(path, json={"lorry_id": str(make_lorry(session).id)})
    session.expire_all()
    assert (late.status_code, order.lorry_id) == (412, other.id)


# ---- photos ----------------------------------------------------------------------------------------------


def test_photos_are_attached_and_seen(session, order, driver):
    sent = [("files[]", (f"{n}.jpg", photo(shade=n).data, "image/jpeg")) for n in range(2)]
    sent.append(("files", ("3.jpg", photo().data, "image/jpeg")))

    answer = driver.post(f"/v1/delivery-orders/{order.id}/attach", files=sent)

    data = answer.json()["data"]
    assert (answer.status_code, data["photo_count"], data["photos_required"]) == (201, 3, 3)
    assert [file["accepted"] for file in data["files"]] == [True, True, True]
    listed = driver.get("/v1/attachments", params={"target_type": "DO", "target_id": str(order.id)}).json()
    assert listed["meta"]["total"] == 3
    picture = driver.get(listed["data"][0]["url"])
    small = driver.get(listed["data"][0]["thumbnail_url"])
    assert (picture.headers["content-type"], small.headers["content-type"]) == ("image/jpeg", "image/webp")
    assert picture.headers["x-content-type-options"] == "nosniff"


def test_each_file_is_judged_on_its_own(session, order, driver):
    sent = [
        ("files[]", ("good.jpg", photo().data, "image/jpeg")),
        ("files[]", ("bill.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")),
        ("files[]", ("page.jpg", b"<html><script>alert(1)</script>", "image/jpeg")),
        ("files[]", ("cut.jpg", photo().data[:200], "image/jpeg")),
        ("files[]", ("empty.jpg", b"", "image/jpeg")),
    ]

    data = driver.post(f"/v1/delivery-orders/{order.id}/attach", files=sent).json()["data"]

    assert [(file["file_name"], file["accepted"]) for file in data["files"]] == [
        ("good.jpg", True),
        ("bill.pdf", False),
        ("page.jpg", False),
        ("cut.jpg", False),
        ("empty.jpg", False),
    ]
    assert all(file["reason"] for file in data["files"][1:])
    assert data["photo_count"] == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([("files[]", ("bill.pdf", b"%PDF-1.7\n%%EOF", "application/pdf"))], 415),
        ([("files[]", ("x.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"))], 415),
        ([("files[]", ("empty.jpg", b"", "image/jpeg"))], 400),
        ([("other", ("a.jpg", b"x", "image/jpeg"))], 400),
        ([("files[]", (f"{n}.jpg", b"x", "image/jpeg")) for n in range(21)], 400),
    ],
)
def test_nothing_but_photos_is_kept(session, order, driver, sent, code):
    answer = driver.post(f"/v1/delivery-orders/{order.id}/attach", files=sent)
    assert (answer.status_code, session.scalars(select(Attachment)).all()) == (code, [])


def test_one_key_keeps_a_photo_once_even_with_another_boundary(session, order, driver):
    path, key = f"/v1/delivery-orders/{order.id}/attach", {"Idempotency-Key": "photo 1"}
    sent = {"files[]": ("a.jpg", photo().data, "image/jpeg")}

    first = driver.post(path, files=sent, headers=key)
    second = driver.post(path, files=sent, headers=key)
    other = driver.post(path, files={"files[]": ("a.jpg", photo(shade=7).data)}, headers=key)

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 409)
    assert second.json() == first.json()
    assert len(session.scalars(select(Attachment)).all()) == 1


def test_another_driver_sees_no_photo(api, session, order):
    add_photos(session, order, 1)
    (kept,) = session.scalars(select(Attachment))
    stranger = api.as_(Role.DRIVER, subject_id=make_driver(session).id)

    for path in ("", "/content", "/thumbnail"):
        assert stranger.get(f"/v1/attachments/{kept.id}{path}").status_code == 404
        assert api.anonymous().get(f"/v1/attachments/{kept.id}{path}").status_code == 401
        assert api.as_(Role.ADMIN).get(f"/v1/attachments/{kept.id}{path}").status_code == 200


@pytest.mark.parametrize("kind", ["INVOICE", "LORRY"])
def test_the_office_keeps_papers_with_invoices_and_lorries(api, session, kind):
    if kind == "LORRY":
        target = make_lorry(session).id
    else:
        order = make_delivery_order(session)
        target = UUID(api.as_(Role.ADMIN).post(f"/v1/invoices/from-do/{order.id}").json()["data"]["id"])
    sent = {"target_type": kind, "target_id": str(target)}
    paper = {"files[]": ("roadtax.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")}
    office, driver = api.as_(Role.ADMIN), api.as_(Role.DRIVER, subject_id=make_driver(session).id)

    kept = office.post("/v1/attachments", data=sent, files=paper)
    assert kept.status_code == 201
    paper_url = kept.json()["data"][0]["url"]
    assert office.get("/v1/attachments", params=sent).json()["meta"]["total"] == 1
    assert "attachment" in office.get(paper_url).headers["content-disposition"]
    refused = driver.post("/v1/attachments", data=sent, files=paper)
    assert (refused.status_code, driver.get(paper_url).status_code) == (403, 403)
    unknown = office.post("/v1/attachments", data=sent | {"target_id": str(UUID(int=1))}, files=paper)
    assert unknown.status_code == 404
    assert len(session.scalars(select(Attachment)).all()) == 1
