"""What happens, as it happens: one listener per process tells every open stream what its actor may see.

PostgreSQL wakes the listener after a commit (`core.events`); a stream ends within seconds of its session.
Programs read `GET /v1/events` or `/v1/ws` (web/streams.py); pages use `subscribe`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url, select

from lattis_app.core import db, events
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.event_data import as_told
from lattis_app.core.events import EventRow
from lattis_app.identity.permissions import Permission
from lattis_app.identity.queries import actors

logger = logging.getLogger(__name__)
INBOX = "lattis_inbox"
AUDIENCE = {
    "rental_": Permission.RENTAL_DASHBOARD_READ,
    "courier_": Permission.COURIER_INVOICES_MANAGE,
    "marketplace_": Permission.MARKETPLACE_INVOICES_READ,
    "import_": Permission.IMPORTS_BATCHES_MANAGE,
}
"""Who sees the events of a domain, by the beginning of the entity's name; nobody sees the others."""
OWNERS = {
    "driver_id": Permission.RENTAL_OWN_DAY_READ,
    "merchant_id": Permission.COURIER_OWN_ACCOUNT_READ,
    "seller_id": Permission.MARKETPLACE_OWN_INVOICES_READ,
}
"""Who sees the events of their own, by the field that names them."""
CHECK_EVERY = 3.0
PAUSE = 2.0
MOST_WAITING = 500
MOST_STREAMS = 20
MOST_MISSED = 1000
E = columns(EventRow)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that happened, ready to send; `seq` numbers what can be asked for again."""

    name: str
    data: dict[str, Any]
    seq: int | None = None
    entity: str = ""
    owners: Mapping[str, str] = field(default_factory=dict)
    user_id: UUID | None = None

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor may see it: their own inbox, what names them, or all of a domain."""
        if self.user_id is not None:
            return self.user_id == actor.user_id
        subject = str(actor.subject_id)
        if any(owner == subject and actor.may(OWNERS[name]) for name, owner in self.owners.items()):
            return True
        return any(self.entity.startswith(start) and actor.may(needed) for start, needed in AUDIENCE.items())


@dataclass(eq=False)
class Subscription:
    """One open stream; iterate over it. It ends with its session, or when it reads too slowly."""

    actor: Actor
    _waiting: asyncio.Queue[Message | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    _ended: bool = False

    def offer(self, message: Message) -> None:
        """Queue a message that this actor may see."""
        if self._ended or not message.is_for(self.actor):
            return
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the reader stop after what it has."""
        if not self._ended:
            self._ended = True
            if self._waiting.full():
                self._waiting.get_nowait()
            self._waiting.put_nowait(None)

    def __aiter__(self) -> AsyncIterator[Message]:
        """The messages as they come."""
        return self

    async def __anext__(self) -> Message:
        message = await self._waiting.get()
        if message is None:
            raise StopAsyncIteration
        return message


_subscriptions: set[Subscription] = set()


def count() -> int:
    """How many streams are open in this process."""
    return len(_subscriptions)


class TooManyStreams(Exception):
    """One session holds as many streams as it may."""


@asynccontextmanager
async def listening(actor: Actor) -> AsyncIterator[Subscription]:
    """Everything this actor may see from now on, until the block or the session ends."""
    if sum(one.actor.session_id == actor.session_id for one in _subscriptions) >= MOST_STREAMS:
        raise TooManyStreams
    subscription = Subscription(actor)
    _subscriptions.add(subscription)
    try:
        yield subscription
    finally:
        _subscriptions.discard(subscription)


def subscribe(actor: Actor, callback: Callable[[Message], Awaitable[None]]) -> Callable[[], None]:
    """Call back for everything this actor may see; returns what ends it. For pages that refresh themselves."""

    async def call_back() -> None:
        async with listening(actor) as messages:
            async for message in messages:
                await callback(message)

    task = asyncio.create_task(call_back())

    def end() -> None:
        task.cancel()

    return end


@asynccontextmanager
async def run() -> AsyncIterator[None]:
    """Listen for as long as this process serves."""
    tasks = [asyncio.create_task(_listen_for_ever()), asyncio.create_task(_check_sessions())]
    try:
        yield
    finally:
        for subscription in _subscriptions:
            subscription.end()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def missed(actor: Actor, after: int) -> list[Message]:
    """What this actor may see of what happened after a number."""
    with db.reading() as session:
        statement = select(EventRow).where(E.seq > after).order_by(E.seq).limit(MOST_MISSED)
        return [message for row in session.scalars(statement) if (message := _message(row)).is_for(actor)]


async def _listen_for_ever() -> None:
    while True:
        try:
            await _listen()
        except psycopg.OperationalError:
            logger.warning("the live connection broke; open streams begin again")
        except Exception:
            logger.exception("the live listener failed; open streams begin again")
        for subscription in _subscriptions:
            subscription.end()
        await asyncio.sleep(PAUSE)


async def _listen() -> None:
    url = make_url(db.application_url()).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for channel in (events.CHANNEL, INBOX):
            await connection.execute(f"LISTEN {channel}")
        async for notice in connection.notifies():
            if _subscriptions:
                await _tell(notice.channel, notice.payload)


async def _tell(channel: str, payload: str) -> None:
    if channel == INBOX:
        messages: Sequence[Message] = [Message("notification.created", {}, user_id=UUID(payload))]
    else:
        messages = await asyncio.to_thread(_happened, json.loads(payload))
    for message in messages:
        for subscription in tuple(_subscriptions):
            subscription.offer(message)


def _happened(ids: Iterable[str]) -> list[Message]:
    with db.reading() as session:
        statement = select(EventRow).where(E.id.in_([UUID(id_) for id_ in ids])).order_by(E.seq)
        return [_message(row) for row in session.scalars(statement)]


def _message(row: EventRow) -> Message:
    owners = {name: row.payload[name] for name in OWNERS if row.payload.get(name)}
    return Message(row.name, as_told(row), row.seq, row.entity, owners)


async def _check_sessions() -> None:
    """End the streams of ended sessions, and show the others what their actors may see now."""
    while True:
        await asyncio.sleep(CHECK_EVERY)
        open_now = tuple(_subscriptions)
        ids = {one.actor.session_id for one in open_now if one.actor.session_id}
        if not ids:
            continue
        with suppress(Exception):
            known = await asyncio.to_thread(_actors_of, list(ids))
            for subscription in open_now:
                if found := known.get(subscription.actor.session_id or UUID(int=0)):
                    subscription.actor = found
                else:
                    subscription.end()


def _actors_of(session_ids: list[UUID]) -> dict[UUID, Actor]:
    with db.reading() as session:
        return actors.by_sessions(session, session_ids)
