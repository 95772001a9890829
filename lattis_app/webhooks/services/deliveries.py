"""Sending events to webhooks: after the commit, with growing pauses, the same `webhook-id` every time.

The deliveries are made by a trigger on `events`, in the transaction of the event, and only while somebody listens.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import clock, queue
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as, record_action
from lattis_app.core.backoff import wait_after
from lattis_app.core.db import columns, find, plain, to_json, unit_of_work
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.event_data import as_told
from lattis_app.core.events import EventRow
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.services import notifications
from lattis_app.webhooks.client import Answer, post
from lattis_app.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery
from lattis_app.webhooks.rules import signature
from lattis_app.webhooks.statuses import DeliveryState

D = columns(WebhookDelivery)
SEND = "webhooks.send"
"""The trigger of migration 0012 puts this into the queue by its name."""
TEST = "webhook.test"
SWITCHED_OFF = "webhook.switched_off"
GONE = 410
AT_ONCE = 500
OFF = Answer(error="The webhook is switched off")


_UNSEND = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = :task "
    "AND args ->> 'delivery_id' = :id RETURNING id"
)
_IS_BEING_SENT = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs "
    "WHERE status = 'doing' AND task_name = :task AND args ->> 'delivery_id' = :id)"
)


class WebhookIsOff(PreconditionFailed):
    """Nothing is sent to a webhook that is switched off."""


class DeliveryOnItsWay(PreconditionFailed):
    """A delivery that is being sent at this moment is not sent a second time beside it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery on its way."""

    id: UUID
    url: str
    secret: str
    body: bytes

    def headers(self) -> dict[str, str]:
        """What the receiver checks; the time is the real one, whatever the product's clock says."""
        now = int(time.time())
        return {
            "Content-Type": "application/json",
            "User-Agent": "Lattis",
            "webhook-id": str(self.id),
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self.secret, str(self.id), now, self.body),
        }


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def test(session: Session, actor: Actor, webhook_id: UUID) -> WebhookDelivery:
    """Send an event that means nothing, to see whether it arrives. Raises WebhookIsOff."""
    webhook = _active(session, webhook_id)
    told = {
        "id": uuid4(),
        "event": TEST,
        "entity": "webhooks",
        "entity_id": webhook.id,
        "occurred_at": clock.now().isoformat().replace("+00:00", "Z"),
        "actor": actor.name,
        "data": {"message": "If you can read this, the webhook works."},
    }
    delivery = WebhookDelivery(webhook_id=webhook.id, event=TEST, body=to_json(plain(told)))
    session.add(delivery)
    record_action(session, "webhooks", webhook.id, "tested", label=webhook.url)
    _defer(session, delivery)
    return delivery


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def replay(session: Session, actor: Actor, delivery_id: UUID) -> WebhookDelivery:
    """Send a delivery at once, under the same webhook-id; one that waits for its next attempt waits no longer.

    Raises WebhookIsOff, DeliveryOnItsWay.
    """
    delivery = find(session, WebhookDelivery, delivery_id, lock=True)
    webhook = _active(session, delivery.webhook_id)
    if delivery.state == DeliveryState.WAITING:
        _take_its_turn(session, delivery)
    _put_back(session, delivery)
    record_action(
        session, "webhooks", webhook.id, "replayed", after={"webhook-id": delivery.id}, label=webhook.url
    )
    return delivery


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def replay_failed(session: Session, actor: Actor, webhook_id: UUID) -> int:
    """Send everything again that a webhook never got, the oldest first; returns how many. Raises WebhookIsOff."""
    webhook = _active(session, webhook_id)
    failed = (
        select(WebhookDelivery)
        .where(D.webhook_id == webhook_id, D.state == DeliveryState.FAILED)
        .order_by(D.created_at, D.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(failed).all()
    for delivery in found:
        _put_back(session, delivery)
    record_action(
        session, "webhooks", webhook.id, "replayed", after={"deliveries": len(found)}, label=webhook.url
    )
    return len(found)


def _active(session: Session, webhook_id: UUID) -> Webhook:
    webhook = find(session, Webhook, webhook_id)
    if not webhook.active:
        raise WebhookIsOff("Switch the webhook on first", field="active", reason="is off")
    return webhook


def _take_its_turn(session: Session, delivery: WebhookDelivery) -> None:
    """Take a waiting delivery out of the queue, which holds each at most once: a worker that has it keeps it."""
    job = {"task": SEND, "id": str(delivery.id)}
    if not session.scalars(_UNSEND, job).all() and session.scalar(_IS_BEING_SENT, job):
        raise DeliveryOnItsWay("The delivery is being sent right now", field="status", reason="is being sent")


def _put_back(session: Session, delivery: WebhookDelivery) -> None:
    delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.WAITING, 0, None
    _defer(session, delivery)


def _defer(session: Session, delivery: WebhookDelivery, after: timedelta | None = None) -> None:
    queue.defer(session, SEND, after=after, delivery_id=str(delivery.id))


@queue.task(SEND, queue=queue.OUTSIDE)
def send(delivery_id: str) -> None:
    """Send one delivery and keep what came back."""
    parcel = _take(UUID(delivery_id))
    if parcel is not None:
        answer = post(parcel.url, parcel.body, parcel.headers())
        with unit_of_work() as session:
            act_as(session, SYSTEM)
            _note(session, parcel.id, answer)


def _take(delivery_id: UUID) -> Parcel | None:
    with unit_of_work() as session:
        delivery = session.get(WebhookDelivery, delivery_id)
        if delivery is None or delivery.state != DeliveryState.WAITING:
            return None
        webhook = find(session, Webhook, delivery.webhook_id)
        if delivery.body is None:
            event = session.get_one(EventRow, delivery.event_id)
            delivery.body = to_json(as_told(event))
        if not webhook.active:
            _tried(session, delivery, OFF)
            delivery.state = DeliveryState.FAILED
            return None
        return Parcel(delivery.id, webhook.url, webhook.secret, delivery.body.encode())


def _note(session: Session, delivery_id: UUID, answer: Answer) -> None:
    """Keep an attempt; `get` since somebody may have removed the webhook meanwhile."""
    delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None:
        return
    _tried(session, delivery, answer)
    if answer.is_success:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, clock.now()
    elif wait := wait_after(delivery.attempts):
        delivery.next_attempt_at = clock.now() + wait
        _defer(session, delivery, after=wait)
    else:
        delivery.state = DeliveryState.FAILED
    _judge(session, delivery, answer)


def _tried(session: Session, delivery: WebhookDelivery, answer: Answer) -> None:
    delivery.attempts, delivery.status_code, delivery.next_attempt_at = (
        delivery.attempts + 1,
        answer.status_code,
        None,
    )
    session.add(
        WebhookAttempt(
            delivery_id=delivery.id,
            status_code=answer.status_code,
            response=answer.response,
            error=answer.error,
            duration_ms=answer.duration_ms,
        )
    )


def _judge(session: Session, delivery: WebhookDelivery, answer: Answer) -> None:
    """Note since when a webhook fails; one that is gone, or fails for days, is switched off."""
    webhook = find(session, Webhook, delivery.webhook_id)
    if answer.is_success and webhook.failing_since is None:
        return
    webhook = find(session, Webhook, delivery.webhook_id, lock=True)
    if answer.is_success:
        webhook.failing_since = None
        return
    webhook.failing_since = webhook.failing_since or clock.now()
    patience = timedelta(days=settings().webhook_failing_days)
    is_over = answer.status_code == GONE or clock.now() - webhook.failing_since >= patience
    if webhook.active and is_over:
        webhook.active, webhook.switched_off_at = False, clock.now()
        notifications.notify(
            session,
            SYSTEM,
            users=Permission.PLATFORM_WEBHOOKS_MANAGE,
            kind=SWITCHED_OFF,
            title="A webhook was switched off",
            body=f"{webhook.url} does not take events: {answer.error}",
            link=f"/system/webhooks?open={webhook.id}",
            tone="bad",
        )
