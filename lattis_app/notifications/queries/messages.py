"""Looking into the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.clock import start_of
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.normal import phone_start
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.models import Message
from lattis_app.notifications.schemas.messages import MessageFilters, MessageOut
from lattis_app.notifications.statuses import MessageState

M = columns(Message)
SHOWN = select(
    M.id,
    M.channel,
    M.address,
    M.name,
    M.kind,
    M.subject,
    M.body,
    M.link,
    M.state.label("status"),
    M.attempts,
    M.error,
    M.next_attempt_at,
    M.sent_at,
    M.created_at,
)


@requires(Permission.NOTIFICATIONS_OUTBOX_MANAGE)
def page(session: Session, actor: Actor, filters: MessageFilters, request: PageRequest) -> Page[MessageOut]:
    """List messages, the latest first. Sorts: created_at."""
    statement = _filtered(SHOWN, filters)
    ordered = sorted_by(statement, request.sort, {"created_at": M.created_at}, "-created_at", M.id)
    return paginate(session, ordered, request).map(lambda row: MessageOut(**row._mapping))


@requires(Permission.NOTIFICATIONS_OUTBOX_MANAGE)
def find(session: Session, actor: Actor, message_id: UUID) -> MessageOut:
    """One message, or NotFound."""
    row = session.execute(SHOWN.where(M.id == message_id)).one_or_none()
    if row is None:
        raise NotFound.record("Message", message_id)
    return MessageOut(**row._mapping)


@requires(Permission.NOTIFICATIONS_OUTBOX_MANAGE)
def failed(session: Session, actor: Actor) -> int:
    """How many messages did not get through."""
    return _how_many(session, MessageState.FAILED)


@requires(Permission.NOTIFICATIONS_OUTBOX_MANAGE)
def held(session: Session, actor: Actor) -> int:
    """How many messages wait for settings."""
    return _how_many(session, MessageState.NOT_CONFIGURED)


def _how_many(session: Session, state: MessageState) -> int:
    return session.execute(select(func.count()).where(M.state == state)).scalar_one()


def _filtered(statement: Select[Any], filters: MessageFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(M.state == filters.status)
    if filters.channel:
        statement = statement.where(M.channel == filters.channel)
    if filters.q:
        starts = {filters.q.lower(), phone_start(filters.q) or filters.q.lower()}
        statement = statement.where(
            or_(*(M.address.startswith(each, autoescape=True) for each in sorted(starts)))
        )
    if filters.from_:
        statement = statement.where(M.created_at >= start_of(filters.from_))
    if filters.to:
        statement = statement.where(M.created_at < start_of(filters.to + timedelta(days=1)))
    return statement
