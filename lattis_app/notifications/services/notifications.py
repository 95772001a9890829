"""Telling people, and marking what they have read (contract: api.md, "Notifications")."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import CursorResult, text, update
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, to_json
from lattis_app.core.errors import NotFound
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Permission, requires
from lattis_app.notifications.kinds import usual_channels
from lattis_app.notifications.models import Notification
from lattis_app.notifications.services import messages

N = columns(Notification)
CHANNEL = "lattis_inbox"
"""Told the id of each user who has something new, so that an open bell rings."""

_TELL = text("""
WITH told AS (
    SELECT u.id, u.name, u.email, u.phone,
           coalesce(u.notification_channels -> :kind, CAST(:usual AS jsonb)) AS channels
    FROM users u
    WHERE u.active AND (u.id = ANY(:users) OR u.subject_id = ANY(:users) OR (
        CAST(:permission AS text) IS NOT NULL
        AND (u.role = ANY(:roles) OR EXISTS (
            SELECT FROM permission_overrides o
            WHERE o.user_id = u.id AND o.permission = :permission AND o.granted))
        AND NOT EXISTS (
            SELECT FROM permission_overrides o
            WHERE o.user_id = u.id AND o.permission = :permission AND NOT o.granted)))
), kept AS (
    INSERT INTO notifications (id, user_id, event_id, kind, title, body, link, tone, created_at, updated_at)
    SELECT gen_random_uuid(), told.id, :event_id, :kind, :title, :body, :link, :tone, :now, :now
    FROM told WHERE jsonb_exists(told.channels, 'in_app')
    ON CONFLICT DO NOTHING
), written AS (
    INSERT INTO messages (id, user_id, cause, kind, channel, address, name, subject, body, link, prints, state, attempts,
                          error, provider_id, created_at, updated_at)
    SELECT gen_random_uuid(), told.id, CAST(:event_id AS text), :kind, way.channel, way.address, told.name, :title,
           CASE way.channel WHEN 'email' THEN :long ELSE :short END, :link, '', 'waiting', 0, '', '', :now, :now
    FROM told, LATERAL (VALUES ('email', told.email), ('sms', told.phone), ('whatsapp', told.phone))
         AS way (channel, address)
    WHERE way.address IS NOT NULL AND jsonb_exists(told.channels, way.channel)
    ON CONFLICT DO NOTHING
    RETURNING id
)
SELECT count(*) AS told,
       count(pg_notify(:channel, told.id::text)) FILTER (WHERE jsonb_exists(told.channels, 'in_app')) AS rung,
       (SELECT array_agg(id) FROM written) AS written
FROM told
""")


@requires(Permission.NOTIFICATIONS_MESSAGES_SEND)
def notify(
    session: Session,
    actor: Actor,
    *,
    users: Sequence[UUID] | Permission,
    kind: str,
    title: str,
    body: str = "",
    link: str = "",
    tone: str = "info",
    event_id: UUID | None = None,
) -> int:
    """Tell users, or everybody who holds a permission; returns how many. Nobody is told one event twice.

    Each is told by the channels they chose for this kind, or the usual ones (notifications/kinds.py). `users` may also name the records that users stand for, such as a driver. Inside a subscriber the event is known.
    """
    permission = users if isinstance(users, Permission) else None
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held] if permission else []
    told = session.execute(
        _TELL,
        {
            "users": [] if isinstance(users, Permission) else list(users),
            "permission": permission,
            "roles": roles,
            "event_id": event_id or events.event_being_delivered(session),
            "kind": kind,
            "usual": to_json(usual_channels(kind)),
            "title": title[:200],
            "body": body[:500],
            "link": link,
            "tone": tone,
            "now": clock.now(),
            "channel": CHANNEL,
            **_as_messages(title, body, link),
        },
    ).one()
    messages.post(session, told.written or ())
    return int(told.told)


def _as_messages(title: str, body: str, link: str) -> dict[str, str]:
    """The text of an e-mail, and of a short message."""
    address = f"{settings().url}{link}" if link else ""
    return {
        "long": "\n\n".join(part for part in (title, body, address) if part) + "\n",
        "short": " · ".join(part for part in (title, body, address) if part),
    }


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def mark_read(session: Session, actor: Actor, notification_id: UUID) -> None:
    """Mark one of one's own notifications as read; another's does not exist."""
    own = update(Notification).where(N.id == notification_id, N.user_id == actor.user_id)
    if _marked(session, own.where(N.read_at.is_(None)).values(read_at=clock.now())) == 0:
        known = session.execute(own.values(updated_at=N.updated_at).returning(N.id)).first()
        if known is None:
            raise NotFound.record("Notification", notification_id)


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def mark_all_read(session: Session, actor: Actor) -> int:
    """Mark all of one's own notifications as read; returns how many."""
    own = update(Notification).where(N.user_id == actor.user_id, N.read_at.is_(None))
    return _marked(session, own.values(read_at=clock.now()))


def _marked(session: Session, statement: object) -> int:
    result = session.execute(statement)  # type: ignore[call-overload]  # an UPDATE
    assert isinstance(result, CursorResult)
    return result.rowcount
