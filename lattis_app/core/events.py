"""Events: recorded in the transaction that caused them, delivered to subscribers after it commits.

Delivery is durable (queue), retried with back-off, and exactly once per subscriber in effect: the delivery row
is written in the transaction of what the subscriber does. Contract: api.md, "Events → subscribers".
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, Identity, Index, bindparam, event, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session, SessionTransaction
from sqlmodel import Field

from lattis_app.core import clock, context, queue
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as, acting
from lattis_app.core.db import JOURNAL, Row, columns, is_within, plain, unit_of_work
from lattis_app.core.names import EventName

logger = logging.getLogger(__name__)
DELIVER = "lattis.deliver_events"
CHANNEL = "lattis_events"
"""Told the ids of new events by a trigger, when they commit."""
TOGETHER = 20
"""So many events are delivered in one transaction; where a subscriber fails, each delivery gets its own."""
IN_A_ROW = 50
"""So many jobs of this kind one turn of the queue may do, before other work gets its turn."""


class Event(Protocol):
    """A frozen dataclass that says what happened; `entity_id` is the record it happened to."""

    name: ClassVar[EventName]
    entity: ClassVar[str]

    @property
    def entity_id(self) -> UUID: ...


Happened = TypeVar("Happened", bound=Event)
Subscriber = Callable[[Session, Actor, Any], None]


class EventRow(Row, table=True):
    """One thing that happened."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_entity", "entity", "entity_id"),
        Index("ix_events_seq", "seq", unique=True),
        {"info": JOURNAL},
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


class EventDelivery(Row, table=True):
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
_IN_ORDER = select(E.id, E.name).where(E.id == func.any(bindparam("ids"))).order_by(E.seq)
_CLAIM = text(f"""
WITH taken AS ({queue.TAKE}), known AS (
    SELECT * FROM unnest(CAST(:events AS text[]), CAST(:subscribers AS text[]))
    WITH ORDINALITY known (name, subscriber, position)
), claimed AS (
    INSERT INTO event_deliveries (event_id, subscriber, delivered_at, attempts, error)
    SELECT events.id, known.subscriber, :now, 1, '' FROM events JOIN known USING (name)
    WHERE events.id = ANY(CAST(:ids AS uuid[]) || ARRAY(
        SELECT CAST(jsonb_array_elements_text(args -> 'event_ids') AS uuid) FROM taken))
    ON CONFLICT (event_id, subscriber) DO UPDATE
    SET delivered_at = excluded.delivered_at, attempts = event_deliveries.attempts + 1, error = ''
    WHERE event_deliveries.delivered_at IS NULL
    RETURNING event_id, subscriber
)
SELECT events.id, events.name, events.payload, events.request_id, claimed.subscriber,
    EXISTS ({queue.WAITING} AND id NOT IN (SELECT id FROM taken)) AS is_more_waiting
FROM claimed JOIN events ON events.id = claimed.event_id JOIN known USING (name, subscriber)
ORDER BY events.seq, known.position
""")  # noqa: S608 - a statement of our own
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
    session.info.setdefault("recorded_events", []).append((row, session.get_nested_transaction()))


def _payload(happened: Any) -> dict[str, Any]:
    return {field.name: plain(getattr(happened, field.name)) for field in dataclasses.fields(happened)}


@event.listens_for(Session, "before_commit")
def _defer_delivery(session: Session) -> None:
    recorded: list[tuple[EventRow, SessionTransaction | None]] = session.info.pop("recorded_events", [])
    awaited = [str(row.id) for row, _savepoint in recorded if row.name in _subscribers]
    if awaited:
        queue.defer_with_commit(session, DELIVER, event_ids=awaited)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """What a savepoint took back did not happen; what came before the savepoint did."""
    recorded: list[tuple[EventRow, SessionTransaction | None]] = session.info.get("recorded_events", [])
    session.info["recorded_events"] = [
        (row, savepoint) for row, savepoint in recorded if undone.nested and not is_within(savepoint, undone)
    ]


@queue.task(DELIVER)
def deliver(event_ids: list[str]) -> None:
    """Hand events to their subscribers. Every subscriber gets its turn; a failed one makes the queue try again."""
    failures: list[Exception] = []
    is_more_waiting = False
    for first in range(0, len(event_ids), TOGETHER):
        some = event_ids[first : first + TOGETHER]
        try:
            is_more_waiting = _deliver_together(some)
        except Exception:
            logger.info("a subscriber failed: each delivery gets its own transaction", exc_info=True)
            failures += _deliver_one_by_one(some)
    if failures:
        raise failures[0]
    for _ in range(IN_A_ROW):
        is_more_waiting = is_more_waiting and _deliver_next()


def _deliver_next() -> bool:
    """Do the next job of this kind, which ends with its transaction; whether more of them wait."""
    try:
        return _deliver_together([], jobs=TOGETHER)
    except Exception:
        logger.info("a subscriber failed: the queue does that job by itself", exc_info=True)
        return False


def _deliver_together(event_ids: Sequence[str], only: str | None = None, jobs: int = 0) -> bool:
    """Take every delivery that is still due, and make it, in one transaction; whether more jobs wait.

    `only` names one subscriber; `jobs` is how many of the waiting jobs are done here.
    """
    pairs = [(event, name) for event, known in _subscribers.items() for name in known if only in (None, name)]
    given = {
        "ids": [UUID(text_id) for text_id in event_ids],
        "events": [event for event, _ in pairs],
        "subscribers": [name for _, name in pairs],
        "now": clock.now(),
        "task": DELIVER,
        "jobs": jobs,
    }
    with unit_of_work() as session:
        act_as(session, SYSTEM)
        claimed = session.execute(_CLAIM, given).all()
        for row in claimed:
            with context.serving(request_id=row.request_id or None):
                session.info["event_id"] = row.id
                happened = _types[row.name].validate_python(row.payload)
                _subscribers[row.name][row.subscriber](session, SYSTEM, happened)
                session.flush()
    return any(row.is_more_waiting for row in claimed)


def _deliver_one_by_one(event_ids: Iterable[str]) -> list[Exception]:
    """Each delivery in a transaction of its own, so that one that fails takes nothing from the others."""
    failures: list[Exception] = []
    with unit_of_work() as session:
        found = session.execute(_IN_ORDER, {"ids": [UUID(text_id) for text_id in event_ids]}).all()
    for row in found:
        for name in _subscribers.get(row.name, ()):
            try:
                _deliver_together([str(row.id)], only=name)
            except Exception as error:
                logger.exception("subscriber %s failed on %s %s", name, row.name, row.id)
                _note_failure(row.id, name, error)
                failures.append(error)
    return failures


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


def deliver_with_commit(session: Session, event_ids: Iterable[UUID]) -> None:
    """Deliver events that a statement wrote for many records at once, after this session commits."""
    waiting = [str(event_id) for event_id in event_ids]
    for first in range(0, len(waiting), TOGETHER):
        queue.defer(session, DELIVER, event_ids=waiting[first : first + TOGETHER])


def event_being_delivered(session: Session) -> UUID | None:
    """The event whose subscriber this session works for, if any."""
    delivered: UUID | None = session.info.get("event_id")
    return delivered


def deliver_again(session: Session, event_id: UUID) -> None:
    """Ask for another attempt at every subscriber that an event has not reached, after this session commits."""
    queue.defer(session, DELIVER, event_ids=[str(event_id)])
