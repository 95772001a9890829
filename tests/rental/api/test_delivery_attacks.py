"""Hostile drivers and bad luck at a delivery: headers, names and files that no phone of ours sends, and a crash half-way."""

import pytest
from sqlalchemy import func, select

from lattis_app.attachments.models import Attachment
from lattis_app.core.storage import storage
from lattis_app.identity.permissions import Role
from lattis_app.rental.api import delivery_orders as api_module
from tests.factories.rental_delivery_orders import drive, make_delivery_order, photo, signature
from tests.factories.rental_operations import make_driver
from tests.ui.visits import everything

pytestmark = pytest.mark.usefixtures("clock")
NO_SECONDS = [
    "1e999",
    "NaN",
    "Infinity",
    "1.5",
    "ten",
    "",
    "'; DROP TABLE users; --",
    "0x10",
    "1_0 0",
    "9" * 5_000,
]
TOO_MANY = ["-1", "999999999999999999999999", "-999999999999999999999999", "9" * 400]
RIGHT_TO_LEFT = "\u202eمرحبا بالعالم"


@pytest.fixture
def order(session):
    return drive(session, make_delivery_order(session), "started")


@pytest.fixture
def driver(api, order):
    return api.as_(Role.DRIVER, subject_id=order.driver_id)


def asked(client, order, what, **options):
    """One of the driver's requests that may say how long ago it was done."""
    path = f"/v1/delivery-orders/{order.id}"
    if what == "status":
        return client.patch(f"{path}/status", json={"status": "started"}, **options)
    if what == "attach":
        return client.post(f"{path}/attach", files={"files[]": ("a.jpg", photo().data)}, **options)
    drawn = {"signature": ("s.png", signature())}
    return client.post(f"{path}/receiver", data={"received_by": "Lim"}, files=drawn, **options)


@pytest.mark.parametrize("what", ["status", "attach", "receiver"])
def test_what_is_no_number_of_seconds_changes_nothing(session, order, driver, what):
    before = everything(session)
    for said in NO_SECONDS:
        answer = asked(driver, order, what, headers={"Done-Ago": said})
        assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, "Done-Ago"), said[
            :20
        ]
    session.expire_all()
    assert everything(session) == before


@pytest.mark.parametrize("ago", TOO_MANY)
def test_any_number_of_seconds_is_brought_to_what_can_be(session, clock, order, driver, ago):
    assert asked(driver, order, "receiver", headers={"Done-Ago": ago}).status_code == 200
    taken = session.scalars(select(Attachment)).one().taken_at
    assert order.started_at <= taken <= clock.now()


@pytest.mark.parametrize(
    "name", ["😀", "'; DROP TABLE users; --", RIGHT_TO_LEFT, "<script>alert(1)</script>", "=1+1", "-1", "NaN"]
)
def test_a_receiver_may_be_called_anything_and_is_kept_as_it_is(session, order, driver, name):
    path = f"/v1/delivery-orders/{order.id}/receiver"
    assert driver.post(path, data={"received_by": name}).json()["data"]["received_by"] == name


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"received_by": "Lim"}}, 415),
        ({"content": b"received_by=Lim", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"content": b"--b\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400),
        ({"data": {"received_by": "a\x00b"}}, 400),
        ({"data": {"received_by": "x" * 1_000_000}}, 400),
        ({"data": {"received_by": "Lim", "signature": "no file"}}, 400),
        ({"files": {"received_by": ("name.txt", b"Lim")}}, 400),
    ],
    ids=[
        "json",
        "text",
        "no boundary",
        "cut off",
        "null byte",
        "very long",
        "a text for a file",
        "a file for a text",
    ],
)
def test_what_is_no_form_of_ours_is_refused_and_nothing_changes(session, order, driver, sent, status):
    before = everything(session)
    answer = driver.post(f"/v1/delivery-orders/{order.id}/receiver", **sent)
    session.expire_all()
    assert (answer.status_code, everything(session) == before) == (status, True), answer.text


@pytest.mark.parametrize("act", ["receiver", "attach", "pass-on", "take-back"])
def test_another_drivers_order_does_not_exist_and_the_signed_out_learn_nothing(api, session, order, act):
    stranger = api.as_(Role.DRIVER, subject_id=make_driver(session).id)
    before = everything(session)
    path = f"/v1/delivery-orders/{order.id}/{act}"
    sent = {"data": {"received_by": "Lim"}, "files": {"files[]": ("a.jpg", photo().data)}}
    if act.endswith(("on", "back")):
        sent = {"json": {"driver_id": str(order.driver_id), "from_driver_id": str(order.driver_id)}}
    answers = [client.post(path, **sent).status_code for client in (api.anonymous(), stranger)]
    session.expire_all()
    assert answers == [401, 403 if act.endswith(("on", "back")) else 404]
    assert everything(session) == before


def test_a_crash_after_the_signature_was_kept_notes_nobody_and_may_be_sent_again(
    session, order, driver, monkeypatch
):
    key = {"Idempotency-Key": "one tap"}
    with monkeypatch.context() as broken:
        broken.setattr(api_module, "_shown", lambda *_: 1 / 0)
        assert asked(driver, order, "receiver", headers=key).status_code == 500
    session.expire_all()
    assert (order.received_by, session.scalar(select(func.count()).select_from(Attachment))) == ("", 0)

    again = asked(driver, order, "receiver", headers=key)
    session.expire_all()
    (kept,) = session.scalars(select(Attachment)).all()
    assert (again.status_code, order.received_by, order.signature_id) == (200, "Lim", kept.id)
    assert storage().get(kept.storage_key).startswith(b"\x89PNG")
