"""Attachments over REST: multipart in, bytes out, never anything a browser would run."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, File, Form, Header, Query, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.attachments.api.openings import open_each
from lattis_app.attachments.opening import acceptable
from lattis_app.attachments.queries import attachments as queries
from lattis_app.attachments.schemas.attachments import (
    AttachmentFilters,
    AttachmentOut,
    Download,
    Slot,
    TargetType,
)
from lattis_app.attachments.services import attachments
from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid, PayloadTooLarge
from lattis_app.core.files import Upload
from lattis_app.core.pagination import Page
from lattis_app.core.settings import settings
from lattis_app.web.callers import CallerDep
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Attachments")
SentFiles = Annotated[list[UploadFile] | None, File(description="One or more files")]
SentFilesArray = Annotated[
    list[UploadFile] | None, File(alias="files[]", description="The same, as browsers send arrays")
]
KnownTag = Annotated[str, Header(alias="If-None-Match")]


async def opened_files(
    caller: CallerDep, files: SentFiles = None, files_array: SentFilesArray = None
) -> list[Upload]:
    """The files of a request, opened before its transaction."""

    def receive() -> list[UploadFile]:
        return acceptable_in_size(files, files_array)

    return await open_each(caller, attachments.attach_all, receive, acceptable, attachments.MOST_AT_ONCE)


OpenedFiles = Annotated[list[Upload], Depends(opened_files)]


@routes.post("/attachments", attachments.attach_all, status=201, idempotent=True)
def attach(
    session: Session,
    actor: Actor,
    target_type: Annotated[TargetType, Form()],
    target_id: Annotated[UUID, Form()],
    uploads: OpenedFiles,
    slot: Annotated[Slot, Form()] = "other",
) -> list[AttachmentOut]:
    kept = attachments.attach_all(session, actor, target_type, target_id, uploads, slot)
    session.flush()
    return [queries.find(session, actor, attachment.id) for attachment in kept]


@routes.get("/attachments", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[AttachmentFilters, Query()], request: PageParams
) -> Page[AttachmentOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/attachments/{attachment_id}", queries.find)
def find(session: Session, actor: Actor, attachment_id: UUID) -> AttachmentOut:
    return queries.find(session, actor, attachment_id)


@routes.get("/attachments/{attachment_id}/content", queries.content, content="application/octet-stream")
def content(session: Session, actor: Actor, attachment_id: UUID, known: KnownTag = "") -> Response:
    return _sent(queries.content(session, actor, attachment_id), known)


@routes.get("/attachments/{attachment_id}/thumbnail", queries.content, content="image/webp")
def thumbnail(session: Session, actor: Actor, attachment_id: UUID, known: KnownTag = "") -> Response:
    return _sent(queries.content(session, actor, attachment_id, thumbnail=True), known)


def acceptable_in_size(*sent: list[UploadFile] | None) -> list[UploadFile]:
    """The files of a multipart request. Raises Invalid for none, PayloadTooLarge for one that is too large."""
    received = [file for part in sent for file in part or ()]
    if not received:
        raise Invalid.field("files", "send at least one file")
    most = settings().max_upload_mb
    for file in received:
        if (file.size or 0) > most * 1024 * 1024:
            reason = f"larger than {most} MB"
            raise PayloadTooLarge(f"{file.filename} is {reason}", field="files", reason=reason)
    return received


def _sent(download: Download, known: str) -> Response:
    disposition = "inline" if download.content_type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(download.file_name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{download.etag}"',
    }
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(download.data, 200, headers, download.content_type)
