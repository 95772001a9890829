"""Photos of a job: each file is kept or refused on its own, so that one bad picture costs no good one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.models import Attachment
from lattis_app.attachments.queries.attachments import count_photos
from lattis_app.attachments.services import attachments
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError, Invalid, UnsupportedMediaType
from lattis_app.core.files import Upload, is_picture, safe_name
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.rules.delivery_orders import PHOTOS_REQUIRED, moment_of_step
from lattis_app.rental.schemas.delivery_orders import AttachResult, FileResult
from lattis_app.rental.services import attachment_targets

TARGET = attachment_targets.DELIVERY_ORDER


@requires(Permission.RENTAL_DELIVERY_ORDERS_PROGRESS, Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def attach(
    session: Session,
    actor: Actor,
    delivery_order_id: UUID,
    uploads: Sequence[Upload],
    slot: str = "other",
    done_at: datetime | None = None,
) -> AttachResult:
    """Keep the photos among these files and say what became of each; without a camera's time they have `done_at`.

    Raises NotFound for another's order, Invalid for no or too many files, and the file's own refusal when none is
    kept.
    """
    delivery_orders.require_visible(session, actor, delivery_order_id)
    if not 1 <= len(uploads) <= attachments.MOST_AT_ONCE:
        raise Invalid.field("files", f"send 1 to {attachments.MOST_AT_ONCE} files at once")
    wrong = [_not_a_picture(upload) for upload in uploads]
    pictures = [upload for upload, refusal in zip(uploads, wrong, strict=True) if refusal is None]
    kept = iter(
        attachments.attach_each(session, actor, TARGET, delivery_order_id, pictures, slot) if pictures else ()
    )
    outcomes = [refusal or next(kept) for refusal in wrong]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    if len(refusals) == len(uploads):
        raise refusals[0]
    if done_at is not None:
        for photo in outcomes:
            if isinstance(photo, Attachment) and photo.taken_at is None:
                photo.taken_at = moment_of_step(done_at, (), clock.now())
    results = [_result(upload, outcome) for upload, outcome in zip(uploads, outcomes, strict=True)]
    session.flush()
    return AttachResult(
        files=results,
        photo_count=count_photos(session, TARGET, delivery_order_id),
        photos_required=PHOTOS_REQUIRED,
    )


def _not_a_picture(upload: Upload) -> UnsupportedMediaType | None:
    if not upload.data or is_picture(upload):
        return None
    reason = "only JPEG, PNG and WebP pictures are accepted as photos"
    return UnsupportedMediaType(f"{safe_name(upload.file_name)}: {reason}", field="files", reason=reason)


def _result(upload: Upload, outcome: Attachment | DomainError) -> FileResult:
    if isinstance(outcome, DomainError):
        reason = str(outcome.details.get("reason", outcome.message))
        return FileResult(file_name=safe_name(upload.file_name), accepted=False, reason=reason)
    return FileResult(
        file_name=outcome.file_name,
        accepted=True,
        id=outcome.id,
        url=f"/v1/attachments/{outcome.id}/content",
    )
