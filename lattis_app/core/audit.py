"""Who changed what. Written for every audited record at flush, so that no service can forget it.

Append-only: the application's database role may insert and read, never update or delete.
Contract: api.md, "Audit".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, event, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, UOWTransaction
from sqlmodel import Field

from lattis_app.core import clock, context, writing  # noqa: F401 — writes the entries
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import JOURNAL, Record, Row, plain

MASK = "••••"
ALWAYS_MASKED = frozenset({"password_hash", "secret", "token_hash", "pin_hash", "ic_number"})
BOOKKEEPING = frozenset({"id", "created_at", "updated_at"})
LONGEST_LABEL = 200


class AuditEntry(Row, table=True):
    """One change of one record by one actor, with the values before and after."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_entity", "entity", "entity_id", "seq"),
        Index("ix_audit_entries_actor", "actor_id", "seq"),
        Index("ix_audit_entries_occurred_at", "occurred_at"),
        {"info": JOURNAL},
    )
    audited: ClassVar[bool] = False

    seq: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    occurred_at: datetime = Field(default_factory=clock.now)
    actor_id: UUID | None = None
    actor_name: str = Field(max_length=200)
    actor_role: str = Field(max_length=40)
    action: str = Field(max_length=60)
    entity: str = Field(max_length=60)
    entity_id: UUID
    label: str = Field(default="", max_length=LONGEST_LABEL)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    reason: str | None = Field(default=None, max_length=500)
    request_id: str = Field(default="", max_length=64)
    address: str = Field(default="", max_length=64)


def act_as(session: Session, actor: Actor) -> None:
    """Everything this session changes from here on is this actor's doing."""
    session.info["actor"] = actor


def acting(session: Session) -> Actor:
    """Who this session works for; the system unless a person was named."""
    actor: Actor = session.info.get("actor", SYSTEM)
    return actor


def because(session: Session, reason: str | None) -> None:
    """The typed reason for the next change of a record."""
    session.info["reason"] = reason


def record_action(
    session: Session,
    entity: str,
    entity_id: UUID,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
    label: str = "",
) -> None:
    """Leave a trace of something that is more than a changed field (a status move, a sign-in, a download).

    `label` is what people call the record; one that changes with the same flush is labelled by itself.
    """
    session.add(_entry(session, entity, entity_id, action, before, after, reason, label))


def entries_of(source: str, entity: str) -> str:
    """The part of a set-based statement that leaves one entry for each row of `source`.

    The rows have id, label, action, before and after; `entry_values` fills what all have in common.
    """
    return f"""INSERT INTO audit_entries (occurred_at, actor_id, actor_name, actor_role, action, entity, entity_id,
        label, before, after, reason, request_id, address)
    SELECT :entry_at, :entry_actor_id, :entry_actor_name, :entry_actor_role, action, '{entity}', id,
        label, before, after, :entry_reason, :entry_request_id, :entry_address
    FROM {source}"""  # noqa: S608 - names of our own tables


def entry_values(session: Session, reason: str | None = None) -> dict[str, Any]:
    """Who changes what a set-based statement changes, when and why."""
    actor, request = acting(session), context.current()
    return {
        "entry_at": clock.now(),
        "entry_actor_id": actor.user_id,
        "entry_actor_name": actor.name,
        "entry_actor_role": actor.role,
        "entry_reason": reason,
        "entry_request_id": request.request_id if request else "",
        "entry_address": request.address if request else "",
    }


def _entry(
    session: Session,
    entity: str,
    entity_id: UUID,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str | None,
    label: str,
) -> AuditEntry:
    actor, request = acting(session), context.current()
    return AuditEntry(
        actor_id=actor.user_id,
        actor_name=actor.name,
        actor_role=actor.role,
        action=action,
        entity=entity,
        entity_id=entity_id,
        label=label[:LONGEST_LABEL],
        before=before,
        after=after,
        reason=reason,
        request_id=request.request_id if request else "",
        address=request.address if request else "",
    )


@event.listens_for(Session, "before_flush", insert=True)
def _audit_changes(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    reason = session.info.get("reason")
    asked = [record for record in session.new if isinstance(record, AuditEntry)]
    flushed = {record.id: record for record in _records(session)} if asked else {}
    for entry in asked:
        session.expunge(entry)
        if entry.entity_id in flushed:
            entry.label = _label(session, flushed[entry.entity_id])
    created = _described(session, session.new, _created, reason)
    changed = _described(session, session.dirty, _changed, reason)
    removed = _described(session, session.deleted, _removed, reason)
    if created or changed or removed:
        session.info.pop("reason", None)
    session.add_all([*created, *asked, *changed, *removed])


def _records(session: Session) -> Iterator[Record]:
    for record in chain(session.new, session.dirty, session.deleted):
        if isinstance(record, Record):
            yield record


def _described(
    session: Session,
    records: Iterable[object],
    describe: Callable[[Session, Record, str | None], AuditEntry | None],
    reason: str | None,
) -> list[AuditEntry]:
    audited = [record for record in records if isinstance(record, Record) and type(record).audited]
    return [entry for record in audited if (entry := describe(session, record, reason)) is not None]


def _created(session: Session, record: Record, reason: str | None) -> AuditEntry:
    return _entry(
        session,
        _entity(record),
        record.id,
        "created",
        None,
        _snapshot(record),
        reason,
        _label(session, record),
    )


def _removed(session: Session, record: Record, reason: str | None) -> AuditEntry:
    return _entry(
        session,
        _entity(record),
        record.id,
        "deleted",
        _snapshot(record),
        None,
        reason,
        _label(session, record),
    )


def _changed(session: Session, record: Record, reason: str | None) -> AuditEntry | None:
    state, before, after = inspect(record), {}, {}
    hidden = BOOKKEEPING | type(record).unaudited_fields
    touched = state.committed_state.keys() - hidden
    for key in (attribute.key for attribute in state.mapper.column_attrs if attribute.key in touched):
        history = state.attrs[key].history
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old != new:
            before[key] = _shown(record, key, old)
            after[key] = _shown(record, key, new)
    if not after:
        return None
    return _entry(
        session, _entity(record), record.id, "changed", before, after, reason, _label(session, record)
    )


def _snapshot(record: Record) -> dict[str, Any]:
    return {
        key: _shown(record, key, value)
        for key, value in record.__dict__.items()
        if not key.startswith("_") and key not in BOOKKEEPING and value is not None
    }


def _shown(record: Record, key: str, value: object) -> object:
    if value is not None and (key in ALWAYS_MASKED or key in type(record).masked_fields):
        return MASK
    return plain(value)


def _label(session: Session, record: Record) -> str:
    """What people call a record when it is written."""
    for name in type(record).labelled_by:
        value = getattr(record, name)
        if isinstance(value, UUID):
            parent = _parent(session, record, name, value)
            value = _label(session, parent) if parent else ""
        if value:
            return str(value)[:LONGEST_LABEL]
    return ""


def _parent(session: Session, record: Record, name: str, parent_id: UUID) -> Record | None:
    pending = next((each for each in session.new if isinstance(each, Record) and each.id == parent_id), None)
    model: type[Record] = inspect(type(record)).relationships[f"{name}_row"].mapper.class_
    return pending or session.get(model, parent_id)


def _entity(record: Record) -> str:
    return str(type(record).__tablename__)
