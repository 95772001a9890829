"""Events reach somebody's server: after the commit, signed, tried again, at least once under one webhook-id."""

import base64
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from lattis_app.core import db
from lattis_app.core.actors import Actor
from lattis_app.core.audit import act_as
from lattis_app.core.backoff import WAITS
from lattis_app.core.events import EventRow, record
from lattis_app.core.names import EventName
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Message
from lattis_app.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from lattis_app.webhooks.schemas.webhooks import WebhookChanges, WebhookEntry
from lattis_app.webhooks.services import deliveries, webhooks
from tests.core.worker import make_retries_due, waiting, work_off
from tests.factories.identity import make_actor, make_user
from tests.loopback import Receiver, Request

INVOICE = UUID(int=7)


@dataclass(frozen=True, slots=True)
class Paid:
    """An event that no subscriber knows, under a name that webhooks may ask for."""

    name: ClassVar = EventName.COMMISSION_PAID
    entity: ClassVar = "rental_commissions"
    entity_id: UUID
    amount_minor: int = 35000


@pytest.fixture
def webhook(committed_database: str, clock, receiver: Receiver) -> Webhook:
    """A webhook that hears of paid commissions."""
    return make_webhook(f"{receiver.url}/hook?shop=1")


def make_webhook(url: str, *names: EventName) -> Webhook:
    with db.unit_of_work() as session:
        entry = WebhookEntry(url=url, event_types=list(names or (EventName.COMMISSION_PAID,)))
        return webhooks.create(session, make_actor(session, Role.ADMIN), entry)


def happen(times: int = 1) -> None:
    with db.unit_of_work() as session:
        act_as(session, Actor(None, "Aina", "ADMIN"))
        for _ in range(times):
            record(session, Paid(INVOICE))


def log() -> list[tuple[str, int, int | None]]:
    with db.unit_of_work() as session:
        rows = session.scalars(select(WebhookDelivery).order_by(text("created_at, id")))
        return [(row.state, row.attempts, row.status_code) for row in rows]


def only() -> WebhookDelivery:
    with db.unit_of_work() as session:
        return session.scalars(select(WebhookDelivery)).one()


def attempts() -> list[tuple[int | None, str, str]]:
    with db.unit_of_work() as session:
        rows = session.scalars(select(WebhookAttempt).order_by(text("attempted_at, created_at")))
        return [(row.status_code, row.error, row.response) for row in rows]


def now(webhook: Webhook) -> Webhook:
    with db.unit_of_work() as session:
        return session.get_one(Webhook, webhook.id)


def as_admin(service, *given):
    with db.unit_of_work() as session:
        return service(session, make_actor(session, Role.ADMIN), *given)


def is_signed(request: Request, secret: str) -> bool:
    """As a receiver checks it, by the specification and not by our code."""
    signed = (
        f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    )
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(expected, request.headers["webhook-signature"])


def test_an_event_arrives_signed_and_in_the_shape_of_the_api(webhook, receiver, clock) -> None:
    happen()
    work_off()

    (request,) = receiver.requests
    assert request.path == "/hook?shop=1"
    assert request.headers["Host"] == receiver.url.removeprefix("http://")
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["webhook-id"] == str(only().id)
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 30
    assert is_signed(request, webhook.secret)
    with db.unit_of_work() as session:
        event_id = session.scalars(select(EventRow.id)).one()
    assert json.loads(request.body) == {
        "id": str(event_id),
        "event": "commission.paid",
        "entity": "rental_commissions",
        "entity_id": str(INVOICE),
        "occurred_at": "2026-03-16T02:00:00Z",
        "actor": "Aina",
        "data": {"amount": "350.00"},
    }
    assert (log(), attempts()) == ([("delivered", 1, 200)], [(200, "", "ok")])
    assert only().delivered_at == clock.now()
    assert waiting() == 0


def test_nothing_is_sent_before_the_commit_or_without_it(webhook, receiver) -> None:
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as session:
        record(session, Paid(INVOICE))
        session.flush()
        work_off()
        assert receiver.requests == []
        raise ZeroDivisionError
    work_off()
    assert (receiver.requests, log(), waiting()) == ([], [], 0)


def test_only_who_asked_for_an_event_hears_of_it(webhook, receiver) -> None:
    make_webhook(f"{receiver.url}/both", EventName.COMMISSION_PAID, EventName.DO_ISSUED)
    make_webhook(f"{receiver.url}/other", EventName.DO_ISSUED)
    off = make_webhook(f"{receiver.url}/off")
    as_admin(webhooks.update, off.id, WebhookChanges(active=False))
    happen(3)
    work_off()
    assert sorted(request.path for request in receiver.requests) == ["/both"] * 3 + ["/hook?shop=1"] * 3


def test_an_event_costs_no_statement_whether_somebody_listens_or_not(session, queries, receiver) -> None:
    def cost() -> list[str]:
        with queries() as sent:
            record(session, Paid(INVOICE))
            session.flush()
        return sent.sent

    unheard = cost()
    entry = WebhookEntry(url=receiver.url, event_types=[EventName.COMMISSION_PAID])
    webhooks.create(session, make_actor(session, Role.ADMIN), entry)
    session.flush()
    assert len(cost()) == len(unheard) == 1
    assert session.scalar(select(text("count(*) FROM webhook_deliveries"))) == 1


def test_two_errors_and_then_success_are_three_attempts_under_one_id(webhook, receiver, clock) -> None:
    receiver.answers = [(500, b"down"), (503, b"<html>\0</html>"), (204, b"")]
    happen()
    work_off()
    assert (log(), only().next_attempt_at) == ([("waiting", 1, 500)], clock.now() + WAITS[0])
    assert now(webhook).failing_since == clock.now()
    work_off()
    assert len(receiver.requests) == 1

    for _ in range(2):
        clock.advance(hours=1)
        make_retries_due()
        work_off()
    assert log() == [("delivered", 3, 204)]
    assert attempts() == [(500, "HTTP 500", "down"), (503, "HTTP 503", "<html>�</html>"), (204, "", "")]
    assert {request.headers["webhook-id"] for request in receiver.requests} == {str(only().id)}
    assert len({request.body for request in receiver.requests}) == 1
    assert all(is_signed(request, webhook.secret) for request in receiver.requests)
    assert now(webhook).failing_since is None


def test_a_crash_between_sending_and_keeping_it_is_a_repeat_of_the_same_id(
    webhook, receiver, monkeypatch
) -> None:
    happen()
    delivery = str(only().id)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(deliveries, "_note", _die)
        deliveries.send(delivery)
    assert log() == [("waiting", 0, None)]
    work_off()
    assert log() == [("delivered", 1, 200)]
    assert [request.headers["webhook-id"] for request in receiver.requests] == [delivery, delivery]
    assert len({request.body for request in receiver.requests}) == 1
    deliveries.send(delivery)
    assert len(receiver.requests) == 2


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_after_three_days_of_failure_a_delivery_is_given_up_and_can_be_replayed(webhook, receiver) -> None:
    receiver.answers = [(500, b"")]
    happen()
    for _ in range(len(WAITS) + 1):
        work_off()
        make_retries_due()
    assert (log(), waiting()) == ([("failed", 10, 500)], 0)
    assert sum(WAITS, timedelta()) > timedelta(days=3)

    receiver.answers = [(200, b"")]
    as_admin(deliveries.replay, only().id)
    work_off()
    assert log() == [("delivered", 1, 200)]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


def test_a_delivery_that_waits_is_sent_once_however_often_it_is_replayed(webhook, receiver) -> None:
    happen()
    delivery, ready = only().id, Barrier(8)

    def replay(_: int) -> None:
        ready.wait()
        as_admin(deliveries.replay, delivery)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(replay, range(8)))
    assert waiting() == 1
    work_off()
    assert ([request.headers["webhook-id"] for request in receiver.requests], waiting()) == (
        [str(delivery)],
        0,
    )
    assert log() == [("delivered", 1, 200)]


def test_a_failed_delivery_is_sent_once_however_many_replay_it_at_once(webhook, receiver) -> None:
    happen()
    delivery, ready = only().id, Barrier(8)
    with db.unit_of_work() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.execute(text("UPDATE webhook_deliveries SET state = 'failed', attempts = 10"))

    def replay(number: int) -> None:
        ready.wait()
        if number % 2:
            as_admin(deliveries.replay, delivery)
        else:
            as_admin(deliveries.replay_failed, webhook.id)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(replay, range(8)))
    work_off()
    assert (len(receiver.requests), waiting(), log()) == (1, 0, [("delivered", 1, 200)])


def test_a_replay_takes_the_place_of_the_next_attempt(webhook, receiver, clock) -> None:
    receiver.answers = [(500, b""), (500, b""), (200, b"")]
    happen()
    work_off()
    assert (log(), waiting()) == ([("waiting", 1, 500)], 1)
    as_admin(deliveries.replay, only().id)
    work_off()
    assert (log(), waiting(), len(receiver.requests)) == ([("waiting", 1, 500)], 1, 2)
    assert only().next_attempt_at == clock.now() + WAITS[0]
    make_retries_due()
    work_off()
    assert (log(), waiting(), len(receiver.requests)) == ([("delivered", 2, 200)], 0, 3)


def test_a_delivery_that_is_being_sent_is_not_sent_beside_it(webhook, receiver) -> None:
    refusals = []

    def replay_meanwhile() -> None:
        with pytest.raises(deliveries.DeliveryOnItsWay) as refused:
            as_admin(deliveries.replay, only().id)
        refusals.append((refused.value.message, refused.value.details))

    happen()
    receiver.before = replay_meanwhile
    work_off()
    assert refusals == [
        ("The delivery is being sent right now", {"field": "status", "reason": "is being sent"})
    ]
    assert (len(receiver.requests), log(), waiting()) == (1, [("delivered", 1, 200)], 0)


def test_a_waiting_delivery_that_the_queue_lost_is_sent_by_a_replay(webhook, receiver) -> None:
    happen()
    with db.unit_of_work() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    as_admin(deliveries.replay, only().id)
    work_off()
    assert log() == [("delivered", 1, 200)]


def test_all_that_failed_is_replayed_at_once_and_nothing_else(webhook, receiver) -> None:
    happen(3)
    with db.unit_of_work() as session:
        session.execute(
            text("UPDATE webhook_deliveries SET state = 'failed' WHERE id <> :id"),
            {"id": session.scalars(select(WebhookDelivery.id)).first()},
        )
    work_off()
    assert sorted(log()) == [("delivered", 1, 200), ("failed", 0, None), ("failed", 0, None)]
    assert as_admin(deliveries.replay_failed, webhook.id) == 2
    work_off()
    assert log() == [("delivered", 1, 200)] * 3


def test_days_of_nothing_but_failures_switch_a_webhook_off_and_tell_the_administrators(
    webhook, receiver, clock
) -> None:
    with db.unit_of_work() as session:
        admin = make_user(session, email="ada@example.com")
    receiver.answers = [(500, b"")]
    happen()
    work_off()
    clock.advance(days=4, hours=23)
    happen()
    work_off()
    assert now(webhook).active
    clock.advance(hours=1)
    happen()
    work_off()
    assert (now(webhook).active, now(webhook).switched_off_at) == (False, clock.now())
    with db.unit_of_work() as session:
        session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(admin.id)})
        told = session.execute(text("SELECT title, body, link FROM notifications")).one()
        mails = session.scalars(select(Message.address).where(Message.user_id == admin.id)).all()
    assert tuple(told) == (
        "A webhook was switched off",
        f"{webhook.url} does not take events: HTTP 500",
        f"/system/webhooks?open={webhook.id}",
    )
    assert mails == ["ada@example.com"]

    sent = len(receiver.requests)
    happen()
    make_retries_due()
    work_off()
    assert len(receiver.requests) == sent
    assert {state for state, *_ in log()} == {"failed"}
    with pytest.raises(deliveries.WebhookIsOff):
        as_admin(deliveries.replay_failed, webhook.id)

    receiver.answers = [(200, b"")]
    as_admin(webhooks.update, webhook.id, WebhookChanges(active=True))
    assert now(webhook).failing_since is None
    assert as_admin(deliveries.replay_failed, webhook.id) == 3
    work_off()
    assert {state for state, *_ in log()} == {"delivered"}


def test_a_receiver_that_is_gone_is_switched_off_at_once(webhook, receiver) -> None:
    receiver.answers = [(410, b"")]
    happen()
    work_off()
    assert not now(webhook).active


def test_a_test_arrives_and_is_marked_as_one(webhook, receiver) -> None:
    as_admin(deliveries.test, webhook.id)
    work_off()
    (request,) = receiver.requests
    body = json.loads(request.body)
    assert (body["event"], body["entity_id"]) == ("webhook.test", str(webhook.id))
    assert is_signed(request, webhook.secret)
    assert log() == [("delivered", 1, 200)]


def test_a_new_secret_signs_from_now_on(webhook, receiver) -> None:
    renewed = as_admin(webhooks.renew_secret, webhook.id)
    happen()
    work_off()
    assert is_signed(receiver.requests[0], renewed.secret)
    assert not is_signed(receiver.requests[0], webhook.secret)


def test_a_webhook_removed_meanwhile_takes_its_deliveries_along(webhook, receiver) -> None:
    happen()
    receiver.before = lambda: as_admin(webhooks.remove, webhook.id)
    work_off()
    assert (len(receiver.requests), log(), waiting()) == (1, [], 0)
    deliveries.send(str(uuid4()))
