"""Events: recorded in the transaction that caused them, delivered to subscribers after it commits.

Delivery is durable (queue), retried with back-off, and exactly once per subscriber in effect: the delivery row
is written in the subscriber's own transaction. Contract: api.md, "Events → subscribers".
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, Identity, Index, event, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from lattis_app.core import clock, context, queue
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as, acting
from lattis_app.core.db import APPEND_ONLY, columns, plain, to_json, unit_of_work
from lattis_app.core.names import EventName

logger = logging.getLogger(__name__)
DELIVER = "lattis.deliver_events"
CHANNEL = "lattis_events"
IDS_PER_NOTICE = 150
"""A notice of PostgreSQL carries at most 8000 bytes."""


class Event(Protocol):
    """A frozen dataclass that says what happened; `entity_id` is the record it happened to."""

    name: ClassVar[EventName]
    entity: ClassVar[str]

    @property
    def entity_id(self) -> UUID: ...


Happened = TypeVar("Happened", bound=Event)
Subscriber = Callable[[Session, Actor, Any], None]


class EventRow(SQLModel, table=True):
    """One thing that happened."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_entity", "entity", "entity_id"),
        Index("ix_events_seq", "seq", unique=True),
        {"info": APPEND_ONLY},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    seq: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    name: str = Field(max_length=60)
    entity: str = Field(max_length=60)
    entity_id: UUID
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    actor_id: UUID | None = None
    actor_name: str = Field(default="", max_length=200)
    request_id: str = Field(default="", max_length=64)
    occurred_at: datetime = Field(default_factory=clock.now)


class EventDelivery(SQLModel, table=True):
    """How far one subscriber got with one event."""

    __tablename__ = "event_deliveries"
    __table_args__ = (
        Index("ix_event_deliveries_failed", "failed_at", postgresql_where=text("delivered_at IS NULL")),
    )

    event_id: UUID = Field(primary_key=True, foreign_key="events.id")
    subscriber: str = Field(primary_key=True, max_length=120)
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    attempts: int = 0
    error: str = Field(default="", max_length=2000)


E, D = columns(EventRow), columns(EventDelivery)
_types: dict[str, TypeAdapter[Any]] = {}
_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscribe(
    event_type: type[Happened],
) -> Callable[[Callable[[Session, Actor, Happened], None]], Subscriber]:
    """React to an event after its transaction has committed; runs as the system, in its own transaction."""

    def register(function: Callable[[Session, Actor, Happened], None]) -> Subscriber:
        name = f"{function.__module__.removeprefix('lattis_app.')}.{function.__qualname__}"
        _types[event_type.name] = TypeAdapter(event_type)
        _subscribers.setdefault(event_type.name, {})[name] = function
        return function

    return register


def record(session: Session, happened: Event) -> None:
    """Record that something happened; it is delivered if, and only if, this session commits."""
    actor = acting(session)
    row = EventRow(
        name=happened.name,
        entity=happened.entity,
        entity_id=happened.entity_id,
        payload=_payload(happened),
        actor_id=actor.user_id,
        actor_name=actor.name,
        request_id=context.request_id(),
    )
    session.add(row)
    session.info.setdefault("recorded_events", []).append(row)


def _payload(happened: Any) -> dict[str, Any]:
    return {field.name: plain(getattr(happened, field.name)) for field in dataclasses.fields(happened)}


@event.listens_for(Session, "before_commit")
def _defer_delivery(session: Session) -> None:
    rows: list[EventRow] = session.info.pop("recorded_events", [])
    if not rows:
        return
    session.flush()
    for first in range(0, len(rows), IDS_PER_NOTICE):
        ids = to_json([str(row.id) for row in rows[first : first + IDS_PER_NOTICE]])
        session.execute(text("SELECT pg_notify(:channel, :ids)"), {"channel": CHANNEL, "ids": ids})
    awaited = [str(row.id) for row in rows if row.name in _subscribers]
    if awaited:
        queue.defer(session, DELIVER, event_ids=awaited)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, _previous: object) -> None:
    """What a savepoint took back did not happen; what came before the savepoint did."""
    rows: list[EventRow] = session.info.get("recorded_events", [])
    session.info["recorded_events"] = [row for row in rows if row in session]


@queue.task(DELIVER)
def deliver(event_ids: list[str]) -> None:
    """Hand events to their subscribers. Every subscriber gets its turn; a failed one makes the queue try again."""
    failures: list[Exception] = []
    for row in _load(event_ids):
        for name, subscriber in _subscribers[row.name].items():
            try:
                _deliver_once(row, name, subscriber)
            except Exception as error:
                logger.exception("subscriber %s failed on %s %s", name, row.name, row.id)
                _note_failure(row.id, name, error)
                failures.append(error)
    if failures:
        raise failures[0]


def _load(event_ids: Iterable[str]) -> list[EventRow]:
    with unit_of_work() as session:
        statement = select(EventRow).where(E.id.in_([UUID(text_id) for text_id in event_ids]))
        rows = session.scalars(statement.order_by(E.seq)).all()
    return [row for row in rows if row.name in _subscribers]


def _deliver_once(row: EventRow, name: str, subscriber: Subscriber) -> None:
    with context.serving(request_id=row.request_id or None), unit_of_work() as session:
        if _claim(session, row, name):
            act_as(session, SYSTEM)
            session.info["event_id"] = row.id
            subscriber(session, SYSTEM, _types[row.name].validate_python(row.payload))


def _claim(session: Session, row: EventRow, name: str) -> bool:
    """Take one delivery in this transaction; False when it was delivered before."""
    claim = (
        insert(EventDelivery)
        .values(event_id=row.id, subscriber=name, delivered_at=clock.now(), attempts=1, error="")
        .on_conflict_do_update(
            index_elements=["event_id", "subscriber"],
            set_={"delivered_at": clock.now(), "attempts": D.attempts + 1, "error": ""},
            where=D.delivered_at.is_(None),
        )
        .returning(D.event_id)
    )
    return session.execute(claim).first() is not None


def _note_failure(event_id: UUID, name: str, error: Exception) -> None:
    with unit_of_work() as session:
        values = {"failed_at": clock.now(), "error": f"{type(error).__name__}: {error}"[:2000]}
        session.execute(
            insert(EventDelivery)
            .values(event_id=event_id, subscriber=name, attempts=1, **values)
            .on_conflict_do_update(
                index_elements=["event_id", "subscriber"],
                set_={**values, "attempts": D.attempts + 1},
                where=D.delivered_at.is_(None),
            )
        )


def event_being_delivered(session: Session) -> UUID | None:
    """The event whose subscriber this session works for, if any."""
    delivered: UUID | None = session.info.get("event_id")
    return delivered


def deliver_again(session: Session, event_id: UUID) -> None:
    """Ask for another attempt at every subscriber that an event has not reached, after this session commits."""
    queue.defer(session, DELIVER, event_ids=[str(event_id)])
