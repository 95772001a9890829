"""The work on a file in the queue: some lines per transaction, each one safe to begin again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lattis_app.core import clock, events, queue
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as
from lattis_app.core.db import advisory_lock, columns, conflict_from, find, unit_of_work
from lattis_app.core.errors import DomainError
from lattis_app.core.transitions import move
from lattis_app.identity.models import User
from lattis_app.imports.events import ImportProgressed
from lattis_app.imports.files import Line
from lattis_app.imports.kinds import ImportKind, kind_for
from lattis_app.imports.lines import CheckedLine, check_lines
from lattis_app.imports.models import ImportBatch, ImportRow
from lattis_app.imports.rules import placed
from lattis_app.imports.services.imports import RUN, UNDO
from lattis_app.imports.statuses import IMPORT_LIFECYCLE, ImportStatus, RowState

R = columns(ImportRow)
Step = Callable[[Session, ImportKind, ImportBatch, Sequence[ImportRow]], None]


@queue.task(RUN)
def run(batch_id: str, user_id: str) -> None:
    """Make what the new lines of a file say."""
    _work(UUID(batch_id), user_id, ImportStatus.RUNNING, ImportStatus.DONE, RowState.NEW, _create)


@queue.task(UNDO)
def undo(batch_id: str, user_id: str) -> None:
    """Remove what the lines of a file made, the last first."""
    _work(UUID(batch_id), user_id, ImportStatus.UNDOING, ImportStatus.UNDONE, RowState.CREATED, _remove)


def _work(
    batch_id: UUID, user_id: str, during: ImportStatus, after: ImportStatus, pending: RowState, step: Step
) -> None:
    """Take step after step until no line is pending; whoever asked for it is named in the audit."""
    while True:
        with unit_of_work() as session:
            _act_for(session, user_id)
            batch = find(session, ImportBatch, batch_id, lock=True)
            if batch.status != during:
                return
            kind = kind_for(SYSTEM, batch.kind)
            rows = _next(session, batch_id, pending, kind.at_once)
            if rows:
                advisory_lock(session, f"import of {kind.name}")
                step(session, kind, batch, rows)
                batch.done += len(rows)
            else:
                move(session, SYSTEM, batch, IMPORT_LIFECYCLE, after)
                batch.finished_at = clock.now()
            events.record(
                session, ImportProgressed(batch_id, batch.kind, batch.status, batch.done, batch.total)
            )


def _act_for(session: Session, user_id: str) -> None:
    user = session.get(User, UUID(user_id)) if user_id else None
    if user is not None:
        act_as(session, Actor(user.id, user.name, user.role))


def _next(session: Session, batch_id: UUID, pending: RowState, count: int) -> Sequence[ImportRow]:
    order = R.line if pending is RowState.NEW else R.line.desc()
    statement = select(ImportRow).where(R.batch_id == batch_id, R.state == pending)
    return session.scalars(statement.order_by(order).limit(count)).all()


def _create(session: Session, kind: ImportKind, batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Make records of lines, which are looked at once more: others may have made the same meanwhile."""
    places = placed(batch.headings, kind.columns)
    lines = check_lines(session, kind, [Line(row.line, row.cells) for row in rows], places)
    fresh = [line for line in lines if line.state is RowState.NEW]
    if not _created(session, kind, fresh):
        for line in fresh:
            _created(session, kind, [line])
    for row, line in zip(rows, lines, strict=True):
        row.state, row.problems, row.record_id = line.state, line.problems, line.record_id
        if line.state is RowState.CREATED:
            row.cells = []
    states = [line.state for line in lines]
    batch.new_count -= len(rows)
    batch.created_count += states.count(RowState.CREATED)
    batch.known_count += states.count(RowState.KNOWN)
    batch.wrong_count += states.count(RowState.WRONG)


def _created(session: Session, kind: ImportKind, lines: Sequence[CheckedLine]) -> bool:
    """Make all of these lines, or none; a line that is refused alone is told why."""
    try:
        with session.begin_nested():
            records = [kind.create(session, SYSTEM, line.entry) for line in lines]
            session.flush()
    except (DomainError, IntegrityError) as error:
        refusal = conflict_from(error) if isinstance(error, IntegrityError) else error
        if len(lines) == 1:
            lines[0].state = RowState.WRONG
            reason = str(refusal.details.get("reason") or refusal.message)
            lines[0].problems = [{"field": str(refusal.details.get("field", "")), "reason": reason}]
        return False
    for line, record in zip(lines, records, strict=True):
        line.state, line.record_id = RowState.CREATED, record.id
    return True


def _remove(session: Session, kind: ImportKind, batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Remove the records of lines; those that stay are told why."""
    stay = kind.remove(session, SYSTEM, [row.record_id for row in rows if row.record_id])
    for row in rows:
        reason = stay.get(row.record_id) if row.record_id else None
        row.state = RowState.KEPT if reason else RowState.REMOVED
        row.problems = [{"field": "", "reason": reason}] if reason else []
    kept = sum(row.state is RowState.KEPT for row in rows)
    batch.created_count -= len(rows)
    batch.kept_count += kept
    batch.removed_count += len(rows) - kept
