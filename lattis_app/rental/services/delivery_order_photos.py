"""Photos of a job: each file is kept or refused on its own, so that one bad picture costs no good one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.queries.attachments import count_pictures
from lattis_app.attachments.services import attachments
from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError, Invalid, UnsupportedMediaType
from lattis_app.core.files import Upload, is_picture, safe_name
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.rules.delivery_orders import PHOTOS_REQUIRED
from lattis_app.rental.schemas.delivery_orders import AttachResult, FileResult
from lattis_app.rental.services import attachment_targets

TARGET = attachment_targets.DELIVERY_ORDER


@requires(Permission.RENTAL_DELIVERY_ORDERS_PROGRESS, Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def attach(
    session: Session, actor: Actor, delivery_order_id: UUID, uploads: Sequence[Upload], slot: str = "other"
) -> AttachResult:
    """Keep the photos among these files and say what became of each.

    Raises NotFound for another's order, Invalid for no or too many files, and the file's own refusal when none is
    kept.
    """
    delivery_orders.require_visible(session, actor, delivery_order_id)
    if not 1 <= len(uploads) <= attachments.MOST_AT_ONCE:
        raise Invalid.field("files", f"send 1 to {attachments.MOST_AT_ONCE} files at once")
    results, refusals = [], []
    for upload in uploads:
        try:
            results.append(_keep(session, actor, delivery_order_id, upload, slot))
        except DomainError as refused:
            refusals.append(refused)
            results.append(_refused(upload, refused))
    if len(refusals) == len(uploads):
        raise refusals[0]
    session.flush()
    return AttachResult(
        files=results,
        photo_count=count_pictures(session, TARGET, delivery_order_id),
        photos_required=PHOTOS_REQUIRED,
    )


def _keep(session: Session, actor: Actor, delivery_order_id: UUID, upload: Upload, slot: str) -> FileResult:
    if upload.data and not is_picture(upload):
        reason = "only JPEG, PNG and WebP pictures are accepted as photos"
        raise UnsupportedMediaType(f"{safe_name(upload.file_name)}: {reason}", field="files", reason=reason)
    kept = attachments.attach(session, actor, TARGET, delivery_order_id, upload, slot)
    return FileResult(
        file_name=kept.file_name, accepted=True, id=kept.id, url=f"/v1/attachments/{kept.id}/content"
    )


def _refused(upload: Upload, refusal: DomainError) -> FileResult:
    reason = str(refusal.details.get("reason", refusal.message))
    return FileResult(file_name=safe_name(upload.file_name), accepted=False, reason=reason)
