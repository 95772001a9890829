"""Bringing records in from files: check every line first, then make them, and take a whole file back if need be.

Contract: api.md, "Import/export". What a file makes goes through the same schemas and services as the forms.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from lattis_app.core import queue
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.db import find as find_record
from lattis_app.core.errors import Conflict, Invalid, PreconditionFailed
from lattis_app.core.files import Upload, safe_name
from lattis_app.core.opening import opened
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.imports import templates
from lattis_app.imports.files import Line, Table
from lattis_app.imports.kinds import ImportKind, kind_for
from lattis_app.imports.lines import CheckedLine, check_lines
from lattis_app.imports.models import ImportBatch, ImportRow
from lattis_app.imports.opening import table_in
from lattis_app.imports.queries import imports as queries
from lattis_app.imports.rules import placed
from lattis_app.imports.statuses import AT_WORK, IMPORT_LIFECYCLE, ImportStatus, RowState

R = columns(ImportRow)
RUN, UNDO = "imports.run", "imports.undo"


class NothingToImport(PreconditionFailed):
    """No line of the file makes anything new."""


class ImportAtWork(Conflict):
    """The file is being worked on."""


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def check(session: Session, actor: Actor, name: str, upload: Upload) -> ImportBatch:
    """Read a file and say of every line what it would do; nothing else is made.

    Raises NotFound for the kind, and what `table_in` raises for the file.
    """
    kind = kind_for(actor, name)
    table = opened(upload, table_in).content
    lines = _without_sample(kind, table)
    if not lines:
        raise Invalid.field("file", "holds no lines below its headings")
    places = placed(table.headings, kind.columns)
    checked = check_lines(session, kind, lines, places)
    counts = Counter(line.state for line in checked)
    batch = ImportBatch(
        kind=kind.name,
        file_name=safe_name(upload.file_name),
        sha256=hashlib.sha256(upload.data).hexdigest(),
        headings=table.headings,
        ignored=[heading for place, heading in enumerate(table.headings) if heading and place not in places],
        row_count=len(checked),
        new_count=counts[RowState.NEW],
        known_count=counts[RowState.KNOWN],
        wrong_count=counts[RowState.WRONG],
        uploaded_by_id=actor.user_id,
        uploaded_by=actor.name,
    )
    session.add(batch)
    session.add_all(_row(batch.id, line) for line in checked)
    return batch


def _without_sample(kind: ImportKind, table: Table) -> list[Line]:
    """The lines of a file, without the template's own."""
    filled = Counter(filter(None, templates.sample_of(kind)))
    return [line for line in table.lines if Counter(filter(None, line.cells)) != filled]


def _row(batch_id: UUID, line: CheckedLine) -> ImportRow:
    return ImportRow(
        batch_id=batch_id,
        line=line.number,
        state=line.state,
        label=line.label[:200],
        cells=line.cells,
        problems=line.problems,
        record_id=line.record_id,
    )


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def run(session: Session, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Make what the new lines of a checked file say, in the queue. Raises InvalidTransition, NothingToImport."""
    batch = _locked(session, actor, batch_id)
    move(session, actor, batch, IMPORT_LIFECYCLE, ImportStatus.RUNNING)
    if not batch.new_count:
        raise NothingToImport("No line of this file makes anything new", field="status", reason="nothing new")
    batch.done, batch.total = 0, batch.new_count
    _defer(session, RUN, batch, actor)
    return batch


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def undo(session: Session, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Remove what a file made, but not what something depends on by now, in the queue. Raises InvalidTransition."""
    batch = _locked(session, actor, batch_id)
    move(session, actor, batch, IMPORT_LIFECYCLE, ImportStatus.UNDOING)
    again = (R.batch_id == batch_id, R.state == RowState.KEPT)
    session.execute(update(ImportRow).where(*again).values(state=RowState.CREATED, problems=[]))
    batch.created_count, batch.kept_count = batch.created_count + batch.kept_count, 0
    batch.done, batch.total = 0, batch.created_count
    _defer(session, UNDO, batch, actor)
    return batch


@requires(Permission.IMPORTS_BATCHES_MANAGE)
def discard(session: Session, actor: Actor, batch_id: UUID) -> None:
    """Forget a file that made nothing. Raises ImportAtWork, PreconditionFailed."""
    batch = _locked(session, actor, batch_id)
    if batch.status in AT_WORK:
        raise ImportAtWork("The file is being worked on", field="status", reason=f"is {batch.status}")
    if batch.created_count or batch.kept_count:
        raise PreconditionFailed(
            "What the file made is still there: undo it first", field="status", reason="is in use"
        )
    session.delete(batch)


def _locked(session: Session, actor: Actor, batch_id: UUID) -> ImportBatch:
    queries.find(session, actor, batch_id)
    return find_record(session, ImportBatch, batch_id, lock=True, kind="Import")


def _defer(session: Session, task: str, batch: ImportBatch, actor: Actor) -> None:
    queue.defer(
        session, task, lock=f"import {batch.id}", batch_id=str(batch.id), user_id=str(actor.user_id or "")
    )
