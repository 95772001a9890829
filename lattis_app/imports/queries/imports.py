"""Finding files of records, and what became of their lines."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, false, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.exports import FileKind, write_table
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.imports import templates
from lattis_app.imports.kinds import kind_for, kinds_for
from lattis_app.imports.models import ImportBatch, ImportRow
from lattis_app.imports.schemas.imports import (
    ColumnOut,
    ImportFilters,
    ImportOut,
    ImportRowOut,
    KindOut,
    RowFilters,
)
from lattis_app.imports.statuses import RowState

B, R = columns(ImportBatch), columns(ImportRow)
EARLIER = ImportBatch.__table__.alias("earlier")  # type: ignore[attr-defined]  # every table model has one
SORTS: dict[str, SQLColumnExpression[Any]] = {"created_at": B.created_at, "file_name": B.file_name}
LINE_SORTS: dict[str, SQLColumnExpression[Any]] = {"line": R.line}
SEEN_AT = (
    select(func.max(EARLIER.c.created_at))
    .where(
        EARLIER.c.sha256 == B.sha256,
        EARLIER.c.kind == B.kind,
        EARLIER.c.created_at < B.created_at,
        EARLIER.c.created_count > 0,
    )
    .scalar_subquery()
)
NOT_TAKEN = (RowState.WRONG, RowState.KNOWN)
REASONS = "reasons"


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def kinds(session: Session, actor: Actor) -> list[KindOut]:
    """What this actor may import, with the columns that files hold."""
    return [
        KindOut(
            name=kind.name,
            title=kind.title,
            columns=[ColumnOut.model_validate(column) for column in kind.columns],
        )
        for kind in kinds_for(actor)
    ]


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def page(session: Session, actor: Actor, filters: ImportFilters, request: PageRequest) -> Page[ImportOut]:
    """List files, the newest first unless asked otherwise. Sorts: created_at, file_name."""
    statement = _visible(actor)
    if filters.q:
        statement = statement.where(B.file_name.icontains(filters.q, autoescape=True))
    if filters.kind:
        statement = statement.where(B.kind == filters.kind)
    if filters.status:
        statement = statement.where(B.status == filters.status)
    if filters.from_on:
        statement = statement.where(B.created_at >= clock.start_of(filters.from_on))
    if filters.to_on:
        statement = statement.where(B.created_at < clock.start_of(filters.to_on + timedelta(days=1)))
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", B.created_at, B.id)
    return paginate(session, ordered, request).map(lambda row: _shown(actor, row))


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def find(session: Session, actor: Actor, batch_id: UUID) -> ImportOut:
    """One file, or NotFound."""
    row = session.execute(_visible(actor).where(B.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound.record("Import", batch_id)
    return _shown(actor, row)


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def newest(session: Session, actor: Actor, name: str) -> ImportOut:
    """The file of a kind that this actor sent last. NotFound."""
    own = _visible(actor).where(B.kind == name, B.uploaded_by_id == actor.user_id)
    row = session.execute(own.order_by(B.created_at.desc(), B.id).limit(1)).one_or_none()
    if row is None:
        raise NotFound("No file was sent yet")
    return _shown(actor, row)


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def rows(
    session: Session, actor: Actor, batch_id: UUID, filters: RowFilters, request: PageRequest
) -> Page[ImportRowOut]:
    """The lines of a file, in its order. NotFound."""
    href = kind_for(actor, find(session, actor, batch_id).kind).href
    statement = select(R.line, R.state, R.label, R.problems, R.record_id).where(R.batch_id == batch_id)
    if filters.state:
        statement = statement.where(R.state == filters.state)
    ordered = sorted_by(statement, request.sort, LINE_SORTS, "line")
    found = paginate(session, ordered, request)

    def shown(row: Any) -> ImportRowOut:
        is_there = row.record_id is not None and row.state != RowState.REMOVED
        link = href.format(id=row.record_id) if is_there else None
        return ImportRowOut(**row._mapping, href=link)

    return found.map(shown)


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def errors(session: Session, actor: Actor, batch_id: UUID) -> bytes:
    """The lines that made nothing, as CSV: as they were in the file, and why. NotFound."""
    headings = find(session, actor, batch_id).headings
    statement = (
        select(R.cells, R.problems)
        .where(R.batch_id == batch_id, R.state.in_(NOT_TAKEN))
        .order_by(R.line)
        .execution_options(yield_per=500)
    )

    def lines() -> Iterator[list[str]]:
        for cells, problems in session.execute(statement):
            reasons = [f"{each['field']}: {each['reason']}".removeprefix(": ") for each in problems]
            yield [*cells, "; ".join(reasons)]

    file = io.BytesIO()
    write_table(FileKind.CSV, [*headings, REASONS], lines(), file)
    return file.getvalue()


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def template(session: Session, actor: Actor, name: str, format_: FileKind) -> bytes:
    """A file to fill in, with a sample line and notes. NotFound."""
    return templates.write(kind_for(actor, name), format_)


def _visible(actor: Actor) -> Select[Any]:
    """The files of what an actor may import; who stands for one record sees only their own."""
    statement = select(ImportBatch.__table__, SEEN_AT.label("seen_at"))  # type: ignore[attr-defined]  # as above
    names = [kind.name for kind in kinds_for(actor)]
    statement = statement.where(B.kind.in_(names) if names else false())
    if actor.subject_id is not None:
        statement = statement.where(B.uploaded_by_id == actor.user_id)
    return statement


def _shown(actor: Actor, row: Any) -> ImportOut:
    return ImportOut.model_validate({**row._mapping, "title": kind_for(actor, row.kind).title})
