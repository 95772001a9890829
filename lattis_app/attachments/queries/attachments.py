"""Finding and reading files, for those who may see the record they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select
from sqlalchemy.orm import Session

from lattis_app.attachments.models import Attachment
from lattis_app.attachments.schemas.attachments import (
    SIGNATURE,
    AttachmentFilters,
    AttachmentOut,
    Download,
)
from lattis_app.attachments.targets import require_access
from lattis_app.core import db
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.files import THUMBNAIL_TYPE
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.core.storage import storage
from lattis_app.identity.permissions import Permission, requires

A = columns(Attachment)
SHOWN = select(
    *(column for name, column in A.items() if name not in ("storage_key", "thumb_key")),
    A.thumb_key.is_not(None).label("has_thumbnail"),
)
SORTS = {"created_at": A.created_at, "file_name": A.file_name, "slot": A.slot}


@requires(Permission.ATTACHMENTS_FILES_READ)
def page(
    session: Session, actor: Actor, filters: AttachmentFilters, request: PageRequest
) -> Page[AttachmentOut]:
    """List a record's files, oldest first. Sorts: created_at, file_name, slot."""
    require_access(session, actor, filters.target_type, filters.target_id, write=False)
    statement = SHOWN.where(A.target_type == filters.target_type, A.target_id == filters.target_id)
    ordered = sorted_by(statement, request.sort, SORTS, "created_at", A.id)
    return paginate(session, ordered, request).map(lambda row: AttachmentOut(**row._mapping))


@requires(Permission.ATTACHMENTS_FILES_READ)
def list_for(session: Session, actor: Actor, target_type: str, target_id: UUID) -> Sequence[AttachmentOut]:
    """All files of a record, oldest first."""
    require_access(session, actor, target_type, target_id, write=False)
    statement = SHOWN.where(A.target_type == target_type, A.target_id == target_id)
    rows = session.execute(statement.order_by(A.created_at, A.id))
    return [AttachmentOut(**row._mapping) for row in rows]


def count_photos(session: Session, target_type: str, target_id: UUID) -> int:
    """How many photos a record carries; for a domain's own rules, which have checked who asks."""
    return session.scalars(select(photos_of(target_type, literal(target_id)))).one()


def photos_of(target_type: str, target_id: ColumnElement[UUID]) -> ScalarSelect[int]:
    """How many photos a record carries, as a column of the statement that shows it."""
    counted = select(func.count()).where(
        A.target_type == target_type,
        A.target_id == target_id,
        A.content_type.startswith("image/"),
        A.slot != SIGNATURE,
    )
    return counted.scalar_subquery()


@requires(Permission.ATTACHMENTS_FILES_READ)
def find(session: Session, actor: Actor, attachment_id: UUID) -> AttachmentOut:
    """One file's description, or NotFound, also when its record is not the actor's to see."""
    attachment = _visible(session, actor, attachment_id)
    return AttachmentOut(**attachment.model_dump(), has_thumbnail=attachment.thumb_key is not None)


@requires(Permission.ATTACHMENTS_FILES_READ)
def content(session: Session, actor: Actor, attachment_id: UUID, *, thumbnail: bool = False) -> Download:
    """The bytes of a file or of its small picture; raises NotFound."""
    attachment = _visible(session, actor, attachment_id)
    if not thumbnail:
        data = storage().get(attachment.storage_key)
        return Download(attachment.file_name, attachment.content_type, attachment.sha256, data)
    if attachment.thumb_key is None:
        raise NotFound.record("Thumbnail", attachment_id)
    name = f"{attachment.file_name.rpartition('.')[0]}-small.webp"
    return Download(name, THUMBNAIL_TYPE, f"{attachment.sha256}-small", storage().get(attachment.thumb_key))


def _visible(session: Session, actor: Actor, attachment_id: UUID) -> Attachment:
    attachment = db.find(session, Attachment, attachment_id)
    try:
        require_access(session, actor, attachment.target_type, attachment.target_id, write=False)
    except NotFound as error:
        raise NotFound.record("Attachment", attachment_id) from error
    return attachment
