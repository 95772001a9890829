"""Files that go with messages, kept as the attachments of the message."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.queries import attachments as queries
from lattis_app.attachments.services import attachments
from lattis_app.attachments.targets import register_target
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import find
from lattis_app.core.errors import Forbidden
from lattis_app.core.files import MadeFile
from lattis_app.identity.permissions import Permission, check
from lattis_app.notifications.channels import Enclosure
from lattis_app.notifications.models import Message

MESSAGE = "MESSAGE"


def guard(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """Whoever sees the outbox sees its files; only the product adds any."""
    if write and not actor.is_system:
        raise Forbidden("Nobody adds files to messages")
    check(actor, Permission.NOTIFICATIONS_OUTBOX_MANAGE)
    find(session, Message, target_id)


register_target(MESSAGE, guard)


def keep(session: Session, message_id: UUID, files: Iterable[MadeFile]) -> None:
    """Let files go with a message."""
    for file in files:
        attachments.keep_made(session, SYSTEM, MESSAGE, message_id, file)


def read(session: Session, message_id: UUID) -> tuple[Enclosure, ...]:
    """The files that go with a message. Raises NotFound for one that is gone."""
    kept = queries.list_for(session, SYSTEM, MESSAGE, message_id)
    return tuple(
        Enclosure(each.file_name, each.content_type, queries.content(session, SYSTEM, each.id).data)
        for each in kept
    )
