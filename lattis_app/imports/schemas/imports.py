"""Files of records as they are listed and shown, line by line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, BusinessDate, Filters, Out
from lattis_app.imports.statuses import ImportStatus, RowState


class ImportFilters(Filters):
    """Which files to list. `q` is part of a file's name."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    kind: Annotated[str, Field(max_length=40), CLEAN] = ""
    status: ImportStatus | None = None
    from_on: Annotated[BusinessDate | None, Field(alias="from")] = None
    to_on: Annotated[BusinessDate | None, Field(alias="to")] = None


class RowFilters(Filters):
    """Which lines of a file to list."""

    state: RowState | None = None


class ImportOut(Out):
    """A file: what it holds, how far it is (`done` of `total` lines), and what came of it.

    `ignored` are columns that nothing reads; `seen_at` is when the same file was imported before.
    """

    id: UUID
    kind: str
    title: str
    file_name: str
    status: ImportStatus
    row_count: int
    new_count: int
    known_count: int
    wrong_count: int
    created_count: int
    removed_count: int
    kept_count: int
    done: int
    total: int
    headings: list[str]
    ignored: list[str]
    uploaded_by: str
    seen_at: datetime | None
    finished_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ProblemOut(Out):
    """What is wrong with a line, known of it, or keeps its record: where, and why."""

    field: str
    reason: str


class ImportRowOut(Out):
    """One line: what it is, what became of it, and the record it made or means."""

    line: int
    state: RowState
    label: str
    problems: list[ProblemOut]
    record_id: UUID | None
    href: str | None


class ColumnOut(Out):
    """One column of a file: what goes into it, and an example."""

    heading: str
    required: bool
    note: str
    sample: str


class KindOut(Out):
    """A kind of record that files can bring."""

    name: str
    title: str
    columns: list[ColumnOut]
