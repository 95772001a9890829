"""Who received the bin, with their signature (docs/decisions/0018)."""

import io
from datetime import UTC, datetime

import pypdf
import pytest
from PIL import Image
from sqlalchemy import select

from lattis_app.attachments.models import Attachment
from lattis_app.identity.permissions import Role
from tests.factories.rental_delivery_orders import (
    add_photos,
    drive,
    make_delivery_order,
    photo,
    set_business,
)
from tests.factories.rental_delivery_orders import signature as drawn
from tests.factories.rental_operations import make_driver


@pytest.fixture
def order(session, clock):
    made = make_delivery_order(session)
    clock.advance(hours=1)
    return drive(session, made, "started")


@pytest.fixture
def driver(api, order):
    return api.as_(Role.DRIVER, subject_id=order.driver_id)


def receive(client, order, name="Encik Lim", signature=None, headers=None):
    files = {} if signature is None else {"signature": ("signature.png", signature, "image/png")}
    path = f"/v1/delivery-orders/{order.id}/receiver"
    return client.post(path, data={"received_by": name}, files=files or None, headers=headers)


def kept(session):
    return session.scalars(select(Attachment).order_by(Attachment.__table__.c.created_at)).all()


def test_a_signature_is_kept_as_a_small_grey_picture_of_its_lines(session, order, driver):
    answer = receive(driver, order, " Encik Lim ", drawn())

    data = answer.json()["data"]
    (signature,) = kept(session)
    assert (answer.status_code, data["received_by"]) == (200, "Encik Lim")
    assert (data["signature_id"], data["photo_count"]) == (str(signature.id), 0)
    assert (signature.slot, signature.content_type) == ("signature", "image/png")
    stored = Image.open(io.BytesIO(driver.get(f"/v1/attachments/{signature.id}/content").content))
    assert (stored.mode, stored.format) == ("L", "PNG")
    assert stored.width < 200, "cut to what is drawn"
    assert stored.height < 140


@pytest.mark.parametrize(("kind", "paper"), [("PNG", None), ("JPEG", "white"), ("WEBP", "white")])
def test_a_signature_stands_on_white_whatever_it_was_drawn_on(session, order, driver, kind, paper):
    assert receive(driver, order, signature=drawn(kind, paper=paper)).status_code == 200

    (signature,) = kept(session)
    stored = Image.open(io.BytesIO(driver.get(f"/v1/attachments/{signature.id}/content").content))
    assert stored.getpixel((0, 0)) >= 250
    assert stored.getextrema()[0] < 60


def test_a_name_is_enough(session, order, driver):
    data = receive(driver, order).json()["data"]
    assert (data["received_by"], data["signature_id"], kept(session)) == ("Encik Lim", None, [])


def test_a_delivery_without_a_receiver_stays_possible(session, order, driver):
    add_photos(session, order)
    path = f"/v1/delivery-orders/{order.id}/status"
    data = driver.patch(path, json={"status": "delivered"}).json()["data"]
    assert (data["fulfilment_status"], data["received_by"]) == ("delivered", "")


def test_one_key_notes_it_once(session, order, driver):
    key, signature = {"Idempotency-Key": "receiver 1"}, drawn()
    first = receive(driver, order, signature=signature, headers=key)
    second = receive(driver, order, signature=signature, headers=key)
    other = receive(driver, order, "Puan Siti", signature=signature, headers=key)

    assert (first.status_code, second.status_code, other.status_code) == (200, 200, 409)
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(kept(session)) == 1


def test_until_the_delivery_the_last_receiver_counts_with_only_their_signature(session, order, driver):
    receive(driver, order, "Encik Lim", drawn())
    data = receive(driver, order, "Puan Siti").json()["data"]
    assert (data["received_by"], data["signature_id"]) == ("Puan Siti", None)

    again = receive(driver, order, "Puan Siti", drawn()).json()["data"]
    assert again["signature_id"] == str(kept(session)[-1].id)


def test_after_the_delivery_a_receiver_can_be_added_and_not_replaced(session, order, driver):
    drive(session, order, "delivered")
    first = receive(driver, order, "Encik Lim", drawn())
    second = receive(driver, order, "Puan Siti", drawn())

    session.expire_all()
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["error"]["details"]["field"] == "received_by"
    assert (order.received_by, len([each for each in kept(session) if each.slot == "signature"])) == (
        "Encik Lim",
        1,
    )


@pytest.mark.parametrize("reached", ["collected", "done"])
def test_nobody_receives_a_bin_that_is_gone(session, order, driver, reached):
    drive(session, order, reached)
    answer = receive(driver, order, signature=drawn())
    session.expire_all()
    assert (answer.status_code, answer.json()["error"]["details"]["reason"]) == (412, f"is {reached}")
    assert (order.received_by, order.signature_id) == ("", None)


def test_nobody_receives_a_bin_before_the_trip_or_of_a_cancelled_order(api, session):
    waiting, called_off = make_delivery_order(session), make_delivery_order(session)
    called_off.status = "cancelled"
    session.flush()
    answers = [receive(api.as_(Role.ADMIN), each, signature=drawn()) for each in (waiting, called_off)]
    assert [answer.status_code for answer in answers] == [412, 412]
    assert kept(session) == []


def test_only_the_orders_driver_and_the_office_may(api, session, order):
    stranger = api.as_(Role.DRIVER, subject_id=make_driver(session).id)
    assert receive(api.anonymous(), order).status_code == 401
    assert receive(api.as_(Role.VIEWER), order).status_code == 403
    assert receive(stranger, order, signature=drawn()).status_code == 404
    session.expire_all()
    assert (order.received_by, kept(session)) == ("", [])
    assert receive(api.as_(Role.ADMIN), order).status_code == 200


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        (b"%PDF-1.7\n%%EOF", 415),
        (b"<svg onload='alert(1)'/>", 415),
        (b"just text", 415),
        (b"", 400),
        (drawn()[:150], 400),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (512 * 1024), 413),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * 1024 * 1024), 413),
    ],
)
def test_what_is_no_small_picture_is_refused_and_nothing_changes(session, order, driver, signature, code):
    answer = receive(driver, order, signature=signature)
    session.expire_all()
    assert (answer.status_code, order.received_by, kept(session)) == (code, "", [])


def test_an_empty_pad_is_no_signature(session, order, driver):
    buffer = io.BytesIO()
    Image.new("RGB", (600, 300), "white").save(buffer, "PNG")
    answer = receive(driver, order, signature=buffer.getvalue())
    session.expire_all()
    assert (answer.status_code, answer.json()["error"]["details"]["reason"]) == (
        400,
        "signature.png: nothing is drawn",
    )
    assert (order.received_by, kept(session)) == ("", [])


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_receiver_has_a_name(session, order, driver, name):
    answer = receive(driver, order, name, drawn())
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, "received_by")
    assert kept(session) == []


def test_the_proof_of_delivery_names_the_receiver_and_shows_the_signature(api, session, order, driver, clock):
    set_business(session)
    receive(driver, order, "Encik Lim", drawn())
    drive(session, order, "delivered")

    answer = api.as_(Role.ADMIN).get(f"/v1/print/do/{order.id}/proof")

    (page,) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    shown = " ".join(page.extract_text().split())
    assert answer.status_code == 200
    for words in ("Received by", "Encik Lim", "Signed 16 Mar 2026, 11:00", "Photographs (3)"):
        assert words in shown
    assert len(page.images) == 2, "the photos, which are alike, and the signature"


def test_a_photo_without_a_camera_time_has_the_time_it_was_taken_at(api, session, order, clock):
    clock.advance(hours=3)
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    sent = {"files[]": ("a.jpg", photo().data, "image/jpeg")}
    driver.post(f"/v1/delivery-orders/{order.id}/attach", files=sent, headers={"Done-Ago": "5400"})
    (taken,) = kept(session)
    assert taken.taken_at == datetime(2026, 3, 16, 4, 30, tzinfo=UTC)


def test_a_signature_has_the_time_it_was_given_at(api, session, order, clock):
    clock.advance(hours=3)
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    receive(driver, order, signature=drawn(), headers={"Done-Ago": "600"})
    (signature,) = kept(session)
    assert signature.taken_at == datetime(2026, 3, 16, 5, 50, tzinfo=UTC)
