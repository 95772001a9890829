"""The outbox: messages are written with their cause, sent by the queue after the commit, and kept (api.md, "Notifications").

Each reaches its address at most once: a worker says so before it talks to a server, and what a worker that died was
sending is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lattis_app.core import clock, events, queue
from lattis_app.core.actors import Actor
from lattis_app.core.audit import record_action
from lattis_app.core.backoff import wait_after
from lattis_app.core.db import columns, find, unit_of_work
from lattis_app.core.errors import NotFound, PreconditionFailed
from lattis_app.core.files import MadeFile
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications import mail, twilio
from lattis_app.notifications.channels import (
    OUTSIDE,
    Channel,
    Letter,
    NotConfigured,
    Rejected,
    Unreachable,
    is_configured,
)
from lattis_app.notifications.models import Message
from lattis_app.notifications.services import enclosures
from lattis_app.notifications.statuses import STUCK, MessageState

M = columns(Message)
SEND = "notifications.send_message"
LEASE = timedelta(minutes=5)
"""Longer than any server may take to accept a message."""
MOST_WAITS = 6
"""Six waits are 17 hours; what is later than that is of no use."""
AT_ONCE = 500
DIED = "Lattis stopped while this was being sent: it may have arrived. Send it again only if it did not."


TOO_LATE = "Too late: what it says is no news any more, so it was not sent."


class NothingToSend(PreconditionFailed):
    """The message is on its way or has been sent."""


@requires(Permission.NOTIFICATIONS_MESSAGES_SEND)
def write(
    session: Session,
    actor: Actor,
    *,
    channel: Channel,
    address: str,
    kind: str,
    subject: str,
    body: str,
    name: str = "",
    link: str = "",
    cause: str = "",
    files: Sequence[MadeFile] = (),
    prints: str = "",
    of_use_for: timedelta | None = None,
) -> UUID | None:
    """Write a message; it leaves after the commit, or waits in the outbox while its channel has no settings.

    None where the address has heard of this cause already. Inside a subscriber the cause is the event. With e-mails go
    files, and what `enclosures` prints when it leaves. What is news only `of_use_for` a while does not leave later.
    """
    row = _new(channel, of_use_for)
    row |= {"address": address, "kind": kind, "body": body, "link": link, "prints": prints}
    row |= {"name": name[:200], "subject": subject[:200], "cause": cause or _event(session)}
    written = session.execute(insert(Message).values(row).on_conflict_do_nothing().returning(M.id)).scalar()
    if written:
        enclosures.keep(session, written, files)
    if written and row["state"] == MessageState.WAITING:
        post(session, [written])
    return written


def _new(channel: Channel, of_use_for: timedelta | None) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": uuid4(),
        "created_at": now,
        "updated_at": now,
        "channel": channel,
        "state": MessageState.WAITING if is_configured(channel) else MessageState.NOT_CONFIGURED,
        "of_use_until": now + of_use_for if of_use_for else None,
    }


def _event(session: Session) -> str | None:
    event_id = events.event_being_delivered(session)
    return str(event_id) if event_id else None


def post(session: Session, message_ids: Iterable[UUID], after: timedelta | None = None) -> None:
    """Let the queue send written messages after this session commits."""
    for message_id in message_ids:
        queue.defer(session, SEND, after=after, message_id=str(message_id))


@requires(Permission.NOTIFICATIONS_OUTBOX_MANAGE)
def retry(session: Session, actor: Actor, message_id: UUID) -> None:
    """Send a message that did not get through again. Raises NothingToSend."""
    message = find(session, Message, message_id, lock=True)
    if message.state not in STUCK:
        raise NothingToSend(
            f"The message is {message.state}", field="status", reason=f"is {message.state}", allowed=STUCK
        )
    _put_back(session, message)


@requires(Permission.NOTIFICATIONS_OUTBOX_MANAGE)
def send_waiting(session: Session, actor: Actor) -> int:
    """Send what waited for settings that are there now; returns how many."""
    ready = [channel for channel in OUTSIDE if is_configured(channel)]
    held = (
        select(Message)
        .where(M.state == MessageState.NOT_CONFIGURED, M.channel.in_(ready))
        .order_by(M.created_at, M.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(held).all()
    for message in found:
        _put_back(session, message)
    return len(found)


def _put_back(session: Session, message: Message) -> None:
    before = message.state
    message.state, message.attempts, message.error = MessageState.WAITING, 0, ""
    message.claimed_until = None
    changed = {"status": str(before)}, {"status": str(message.state)}
    record_action(session, "messages", message.id, "sent again", *changed, label=message.subject)
    post(session, [message.id])


@queue.task(SEND, queue=queue.OUTSIDE)
def send(message_id: str) -> None:
    """Hand one message to its channel, and keep how that went."""
    letter = _claim(UUID(message_id))
    if letter is None:
        return
    by = mail if letter.channel is Channel.EMAIL else twilio
    try:
        _note(
            letter,
            state=MessageState.SENT,
            provider_id=by.send(_with_files(letter))[:200],
            sent_at=clock.now(),
        )
    except NotConfigured:
        _note(letter, state=MessageState.NOT_CONFIGURED, attempts=0)
    except Rejected as error:
        _note(letter, state=MessageState.FAILED, error=str(error)[:500])
    except Unreachable as error:
        _note_unreachable(letter, str(error)[:500])


def _claim(message_id: UUID) -> Letter | None:
    with unit_of_work() as session:
        message = session.get(Message, message_id, with_for_update=True)
        if message is None or message.state != MessageState.WAITING:
            return None
        if message.claimed_until is None:
            if message.of_use_until is not None and message.of_use_until < clock.now():
                message.state, message.error = MessageState.FAILED, TOO_LATE
                return None
            message.claimed_until, message.next_attempt_at = clock.now() + LEASE, None
            message.attempts += 1
            return Letter(
                message.id,
                Channel(message.channel),
                message.address,
                message.name,
                message.subject,
                message.body,
            )
        if message.claimed_until > clock.now():
            post(session, [message_id], after=LEASE)
        else:
            message.state, message.error, message.claimed_until = MessageState.FAILED, DIED, None
        return None


def _with_files(letter: Letter) -> Letter:
    if letter.channel is not Channel.EMAIL:
        return letter
    try:
        with unit_of_work() as session:
            return replace(letter, enclosures=enclosures.read(session, letter.id))
    except NotFound as error:
        raise Rejected("a file that goes with it is gone") from error


def _note(letter: Letter, **values: Any) -> Message:
    with unit_of_work() as session:
        message = find(session, Message, letter.id, lock=True)
        for name, value in {"error": "", "claimed_until": None, **values}.items():
            setattr(message, name, value)
        return message


def _note_unreachable(letter: Letter, error: str) -> None:
    with unit_of_work() as session:
        message = find(session, Message, letter.id, lock=True)
        message.error, message.claimed_until = error, None
        wait = wait_after(message.attempts, MOST_WAITS)
        if wait is None:
            message.state = MessageState.FAILED
        else:
            message.next_attempt_at = clock.now() + wait
            post(session, [message.id], after=wait)
