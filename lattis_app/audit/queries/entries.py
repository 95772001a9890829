"""Reading the audit log."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, cast, or_, select
from sqlalchemy.orm import Session

from lattis_app.audit.schemas.entries import AuditFilters, AuditOut
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires

E = columns(AuditEntry)
MOST_HISTORY = 200
_PLACE = re.compile("[0-9]{1,18}", re.ASCII)
SHOWN = select(
    E.seq,
    E.occurred_at,
    E.actor_id,
    E.actor_name.label("actor"),
    E.actor_role,
    E.action,
    E.entity,
    E.entity_id,
    E.label,
    E.before,
    E.after,
    E.reason,
    E.request_id,
    E.address,
)


@requires(Permission.AUDIT_LOG_READ)
def page(session: Session, actor: Actor, filters: AuditFilters, request: PageRequest) -> Page[AuditOut]:
    """Search the audit log, the latest first. Sorts: occurred_at."""
    sorts = {"occurred_at": E.occurred_at}
    statement = sorted_by(_filtered(filters), request.sort, sorts, "-occurred_at", E.seq)
    return paginate(session, statement, request).map(_out)


@requires(Permission.AUDIT_LOG_READ)
def find(session: Session, actor: Actor, place: str) -> AuditOut:
    """The entry at this place in the log, or NotFound."""
    row = session.execute(SHOWN.where(E.seq == int(place))).one_or_none() if _PLACE.fullmatch(place) else None
    if row is None:
        raise NotFound.record("Audit entry", place)
    return _out(row)


@requires(Permission.AUDIT_LOG_READ)
def history_of(session: Session, actor: Actor, entity: str, entity_id: UUID) -> list[AuditOut]:
    """What happened to one record, the latest first; `entity` is its table."""
    statement = SHOWN.where(E.entity == entity, E.entity_id == entity_id)
    rows = session.execute(statement.order_by(E.seq.desc()).limit(MOST_HISTORY))
    return [_out(row) for row in rows]


def _filtered(filters: AuditFilters) -> Select[Any]:
    statement = SHOWN
    if filters.entity:
        statement = statement.where(E.entity == filters.entity)
    if filters.entity_id:
        statement = statement.where(E.entity_id == filters.entity_id)
    if filters.action:
        statement = statement.where(E.action.startswith(filters.action, autoescape=True))
    if filters.actor:
        user_id = _uuid(filters.actor)
        is_theirs = (
            E.actor_id == user_id if user_id else E.actor_name.icontains(filters.actor, autoescape=True)
        )
        statement = statement.where(is_theirs)
    if filters.from_:
        statement = statement.where(E.occurred_at >= clock.start_of(filters.from_))
    if filters.to:
        statement = statement.where(E.occurred_at < clock.start_of(filters.to + timedelta(days=1)))
    if filters.q:
        words = (E.actor_name, E.action, E.entity, E.label, E.reason, cast(E.before, Text), cast(E.after, Text), E.request_id,
                 cast(E.entity_id, Text))  # fmt: skip
        statement = statement.where(or_(*(word.icontains(filters.q, autoescape=True) for word in words)))
    return statement


def _out(row: Row[*tuple[Any, ...]]) -> AuditOut:
    return AuditOut(id=_id(row.seq), **row._mapping)


def _id(place: int) -> UUID:
    """The id of an entry follows from its place, which is all that the table keeps."""
    return UUID(bytes=hashlib.sha256(f"audit entry {place}".encode()).digest()[:16], version=4)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
