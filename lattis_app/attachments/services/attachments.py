"""Keeping files: checked, scanned, stored, then recorded.

The bytes are written before the row, and the row is part of the caller's transaction: a crash in between
leaves a file without a row, which the nightly sweep removes, and never a row without a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.attachments.models import Attachment
from lattis_app.attachments.opening import acceptable
from lattis_app.attachments.targets import require_access
from lattis_app.core import clock, db
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import DomainError, Invalid, PreconditionFailed
from lattis_app.core.files import THUMBNAIL_TYPE, CheckedFile, MadeFile, Upload
from lattis_app.core.opening import opened
from lattis_app.core.storage import storage
from lattis_app.identity.permissions import Permission, requires

MOST_PER_TARGET = 100
MOST_AT_ONCE = 20
PREFIX = "attachments"
A = columns(Attachment)


class TooManyAttachments(PreconditionFailed):
    """The record carries as many files as a record may."""


@requires(Permission.ATTACHMENTS_FILES_WRITE)
def attach(
    session: Session, actor: Actor, target_type: str, target_id: UUID, upload: Upload, slot: str = "other"
) -> Attachment:
    """Keep one file with a record."""
    return attach_all(session, actor, target_type, target_id, [upload], slot)[0]


@requires(Permission.ATTACHMENTS_FILES_WRITE)
def attach_all(
    session: Session,
    actor: Actor,
    target_type: str,
    target_id: UUID,
    uploads: Sequence[Upload],
    slot: str = "other",
) -> list[Attachment]:
    """Keep several files with a record: all of them, or none when one is refused.

    Raises Invalid, PayloadTooLarge, UnsupportedMediaType, InfectedFile, ScannerUnavailable, TooManyAttachments.
    """
    _require_allowed(session, actor, target_type, target_id, uploads)
    accepted = [opened(upload, acceptable).content for upload in uploads]
    present = _lock_and_count(session, target_type, target_id)
    if present + len(accepted) > MOST_PER_TARGET:
        raise _no_room(present)
    return [_keep(session, actor, target_type, target_id, file, slot) for file in accepted]


@requires(Permission.ATTACHMENTS_FILES_WRITE)
def keep_made(
    session: Session, actor: Actor, target_type: str, target_id: UUID, file: MadeFile
) -> Attachment:
    """Keep a file that the product made with a record."""
    require_access(session, actor, target_type, target_id, write=True)
    return _keep(session, actor, target_type, target_id, file, "other")


@requires(Permission.ATTACHMENTS_FILES_WRITE)
def attach_each(
    session: Session,
    actor: Actor,
    target_type: str,
    target_id: UUID,
    uploads: Sequence[Upload],
    slot: str = "other",
) -> list[Attachment | DomainError]:
    """Keep each file that may be kept with a record, and hand back the refusal of each other.

    Raises NotFound or Forbidden for the record, Invalid for no or too many files.
    """
    _require_allowed(session, actor, target_type, target_id, uploads)
    looked_into = [opened(upload, acceptable).outcome for upload in uploads]
    present = _lock_and_count(session, target_type, target_id)
    outcomes: list[Attachment | DomainError] = []
    for file in looked_into:
        if isinstance(file, DomainError):
            outcomes.append(file)
        elif present == MOST_PER_TARGET:
            outcomes.append(_no_room(present))
        else:
            outcomes.append(_keep(session, actor, target_type, target_id, file, slot))
            present += 1
    return outcomes


def _require_allowed(
    session: Session, actor: Actor, target_type: str, target_id: UUID, uploads: Sequence[Upload]
) -> None:
    require_access(session, actor, target_type, target_id, write=True)
    if not 1 <= len(uploads) <= MOST_AT_ONCE:
        raise Invalid.field("files", f"send 1 to {MOST_AT_ONCE} files at once")


def _lock_and_count(session: Session, target_type: str, target_id: UUID) -> int:
    """How many files a record carries; nobody else adds one until the end of the transaction."""
    db.advisory_lock(session, f"attachments {target_type} {target_id}")
    mine = (A.target_type == target_type, A.target_id == target_id)
    return session.execute(select(func.count()).where(*mine)).scalar_one()


def _no_room(present: int) -> TooManyAttachments:
    return TooManyAttachments(
        f"A record carries at most {MOST_PER_TARGET} files and this one has {present}", field="files"
    )


def _keep(
    session: Session, actor: Actor, target_type: str, target_id: UUID, file: CheckedFile, slot: str
) -> Attachment:
    attachment_id = uuid4()
    folder = f"{PREFIX}/{clock.today():%Y/%m}/{attachment_id}"
    storage_key = f"{folder}/original.{file.extension}"
    thumb_key = f"{folder}/small.webp" if file.thumbnail else None
    store = storage()
    store.put(storage_key, file.data, file.content_type)
    if thumb_key and file.thumbnail:
        store.put(thumb_key, file.thumbnail, THUMBNAIL_TYPE)
    attachment = Attachment(
        id=attachment_id,
        target_type=target_type,
        target_id=target_id,
        slot=slot,
        file_name=file.file_name,
        content_type=file.content_type,
        size_bytes=len(file.data),
        sha256=file.sha256,
        storage_key=storage_key,
        thumb_key=thumb_key,
        width=file.width,
        height=file.height,
        taken_at=file.taken_at,
        latitude=file.latitude,
        longitude=file.longitude,
        uploaded_by_id=actor.user_id,
    )
    session.add(attachment)
    return attachment
