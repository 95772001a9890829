"""`move()`: the only code that changes a status."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from lattis_app.core import audit, events
from lattis_app.core.actors import Actor
from lattis_app.core.db import Record
from lattis_app.core.lifecycle import Lifecycle, S

R = TypeVar("R", bound=Record)


def move(
    session: Session,
    actor: Actor,
    record: R,
    lifecycle: Lifecycle[S],
    to: S,
    *,
    reason: str | None = None,
    event: events.Event | None = None,
) -> R:
    """Take one step of a lifecycle: check it, set it, leave the history entry and record the event.

    Raises InvalidTransition when the table has no such step; nothing is changed then.
    """
    if not actor.is_system:
        audit.act_as(session, actor)
    current = type(to)(getattr(record, lifecycle.field))
    lifecycle.check(current, to)
    setattr(record, lifecycle.field, to)
    audit.record_action(
        session,
        entity=str(inspect(type(record)).local_table.name),
        entity_id=record.id,
        action=f"{lifecycle.field}.{to}",
        before={lifecycle.field: str(current)},
        after={lifecycle.field: str(to)},
        reason=reason,
    )
    if event is not None:
        events.record(session, event)
    return record
