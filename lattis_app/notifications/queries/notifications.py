"""Reading one's own notifications. The database shows nobody another's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.models import Notification
from lattis_app.notifications.schemas.notifications import NotificationFilters, NotificationOut

N = columns(Notification)
SHOWN = select(
    N.id,
    N.kind,
    N.title,
    N.body,
    N.link,
    N.tone,
    case((N.read_at.is_(None), "unread"), else_="read").label("status"),
    N.read_at,
    N.created_at,
)


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def page(
    session: Session, actor: Actor, filters: NotificationFilters, request: PageRequest
) -> Page[NotificationOut]:
    """List one's own notifications, the latest first. Sorts: created_at."""
    statement = SHOWN.where(N.user_id == actor.user_id)
    if filters.unread is not None:
        statement = statement.where(N.read_at.is_(None) if filters.unread else N.read_at.is_not(None))
    ordered = sorted_by(statement, request.sort, {"created_at": N.created_at}, "-created_at", N.id)
    return paginate(session, ordered, request).map(lambda row: NotificationOut(**row._mapping))


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def find(session: Session, actor: Actor, notification_id: UUID) -> NotificationOut:
    """One of one's own notifications, or NotFound."""
    own = SHOWN.where(N.id == notification_id, N.user_id == actor.user_id)
    row = session.execute(own).one_or_none()
    if row is None:
        raise NotFound.record("Notification", notification_id)
    return NotificationOut(**row._mapping)


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def unread_count(session: Session, actor: Actor) -> int:
    """How many of one's own notifications wait."""
    waiting = select(func.count()).where(N.user_id == actor.user_id, N.read_at.is_(None))
    return session.execute(waiting).scalar_one()
