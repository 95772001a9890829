"""Files that go with messages: kept as attachments of the message, or printed when it leaves.

A document says the same whenever it is printed, so a message that may wait for long need not carry it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
Print = Callable[[Session, UUID], MadeFile]
_prints: dict[str, Print] = {}


def guard(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """Whoever sees the outbox sees its files; only the product adds any."""
    if write and not actor.is_system:
        raise Forbidden("Nobody adds files to messages")
    check(actor, Permission.NOTIFICATIONS_OUTBOX_MANAGE)
    find(session, Message, target_id)


register_target(MESSAGE, guard)


def register_print(name: str, make: Print) -> None:
    """Name a kind of document that messages may enclose."""
    _prints[name] = make


def printed_later(name: str, record_id: UUID) -> str:
    """What a message says to enclose the document of a record."""
    return f"{name} {record_id}"


def keep(session: Session, message_id: UUID, files: Iterable[MadeFile]) -> None:
    """Let files go with a message."""
    for file in files:
        attachments.keep_made(session, SYSTEM, MESSAGE, message_id, file)


def read(session: Session, message_id: UUID) -> tuple[Enclosure, ...]:
    """The files that go with a message. Raises NotFound for one that is gone."""
    kept = queries.list_for(session, SYSTEM, MESSAGE, message_id)
    files = [
        Enclosure(each.file_name, each.content_type, queries.content(session, SYSTEM, each.id).data)
        for each in kept
    ]
    name, _, record_id = find(session, Message, message_id).prints.partition(" ")
    if name:
        made = _prints[name](session, UUID(record_id))
        files.append(Enclosure(made.file_name, made.content_type, made.data))
    return tuple(files)
