"""Files of records over REST: check, run, undo."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, File, Query, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.attachments.api.openings import open_each
from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid, PayloadTooLarge
from lattis_app.core.exports import MEDIA_TYPES, FileKind
from lattis_app.core.files import Upload
from lattis_app.core.pagination import Page
from lattis_app.core.settings import settings
from lattis_app.imports.opening import table_in
from lattis_app.imports.queries import imports as queries
from lattis_app.imports.schemas.imports import ImportFilters, ImportOut, ImportRowOut, KindOut, RowFilters
from lattis_app.imports.services import imports
from lattis_app.web.callers import CallerDep
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Imports")
Sent = Annotated[UploadFile | None, File(description="CSV or XLSX; the first line names the columns")]
SentArray = Annotated[
    list[UploadFile] | None, File(alias="files[]", description="The same, as browsers send arrays")
]
Wanted = Annotated[FileKind, Query(alias="format")]


@routes.get("/imports", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[ImportFilters, Query()], request: PageParams
) -> Page[ImportOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/imports/kinds", queries.kinds)
def kinds(session: Session, actor: Actor) -> list[KindOut]:
    return queries.kinds(session, actor)


async def opened_table(caller: CallerDep, file: Sent = None, files_array: SentArray = None) -> Upload:
    """The one file of a request, opened before its transaction."""

    def receive() -> list[UploadFile]:
        return [_received(file, *(files_array or ()))]

    (upload,) = await open_each(caller, imports.check, receive, table_in)
    return upload


@routes.post("/imports/{kind}", imports.check, status=201, idempotent=True)
def check(
    session: Session, actor: Actor, kind: str, upload: Annotated[Upload, Depends(opened_table)]
) -> ImportOut:
    batch = imports.check(session, actor, kind, upload)
    session.flush()
    return queries.find(session, actor, batch.id)


@routes.get("/imports/{kind}/template", queries.template, content=MEDIA_TYPES[FileKind.CSV].partition(";")[0])
def template(session: Session, actor: Actor, kind: str, wanted: Wanted = FileKind.CSV) -> Response:
    data = queries.template(session, actor, kind, wanted)
    return _file(data, f"{kind}-template.{wanted}", MEDIA_TYPES[wanted])


@routes.get("/imports/{import_id}", queries.find)
def find(session: Session, actor: Actor, import_id: UUID) -> ImportOut:
    return queries.find(session, actor, import_id)


@routes.get("/imports/{import_id}/rows", queries.rows)
def rows(
    session: Session,
    actor: Actor,
    import_id: UUID,
    filters: Annotated[RowFilters, Query()],
    request: PageParams,
) -> Page[ImportRowOut]:
    return queries.rows(session, actor, import_id, filters, request)


@routes.get("/imports/{import_id}/errors", queries.errors, content="text/csv")
def errors(session: Session, actor: Actor, import_id: UUID) -> Response:
    data = queries.errors(session, actor, import_id)
    return _file(data, f"import-errors-{import_id}.csv", MEDIA_TYPES[FileKind.CSV])


@routes.post("/imports/{import_id}/run", imports.run, idempotent=True)
def run(session: Session, actor: Actor, import_id: UUID) -> ImportOut:
    imports.run(session, actor, import_id)
    session.flush()
    return queries.find(session, actor, import_id)


@routes.post("/imports/{import_id}/undo", imports.undo, idempotent=True)
def undo(session: Session, actor: Actor, import_id: UUID) -> ImportOut:
    imports.undo(session, actor, import_id)
    session.flush()
    return queries.find(session, actor, import_id)


def _received(*sent: UploadFile | None) -> UploadFile:
    """The one file of a request, of an acceptable size."""
    files = [file for file in sent if file is not None]
    if len(files) != 1:
        raise Invalid.field("file", "send one file")
    most = settings().import_max_mb
    if (files[0].size or 0) > most * 1024 * 1024:
        reason = f"larger than {most} MB"
        raise PayloadTooLarge(f"{files[0].filename} is {reason}", field="file", reason=reason)
    return files[0]


def _file(data: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(data, 200, headers, media_type)
