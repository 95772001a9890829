"""A file of records, and its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core.db import Record, Row
from lattis_app.imports.statuses import ImportStatus, RowState

STATUSES = ", ".join(f"'{status}'" for status in ImportStatus)
STATES = ", ".join(f"'{state}'" for state in RowState)


class ImportBatch(Record, table=True):
    """One file: what it holds, how far it is, and what came of it. `done` of `total` lines are dealt with."""

    __tablename__ = "import_batches"
    __table_args__ = (
        CheckConstraint(f"status IN ({STATUSES})", name="status"),
        Index("ix_import_batches_created_at", "created_at", "id"),
        Index("ix_import_batches_kind", "kind", "created_at", "id"),
        Index("ix_import_batches_status", "status", "created_at", "id"),
        Index("ix_import_batches_sha256", "sha256"),
        Index("ix_import_batches_uploaded_by_id", "uploaded_by_id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset(
        {"status", "done", "total", "new_count", "known_count", "wrong_count", "created_count",
         "removed_count", "kept_count", "finished_at", "headings", "ignored"}
    )  # fmt: skip
    labelled_by: ClassVar[tuple[str, ...]] = ("file_name",)

    kind: str = Field(max_length=40)
    file_name: str = Field(max_length=120)
    sha256: str = Field(max_length=64)
    headings: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    ignored: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    status: str = Field(default=ImportStatus.CHECKED, max_length=10)
    row_count: int = 0
    new_count: int = 0
    known_count: int = 0
    wrong_count: int = 0
    created_count: int = 0
    removed_count: int = 0
    kept_count: int = 0
    done: int = 0
    total: int = 0
    uploaded_by_id: UUID | None = Field(default=None, foreign_key="users.id")
    uploaded_by: str = Field(default="", max_length=200)
    finished_at: datetime | None = None


class ImportRow(Row, table=True):
    """One line of a file; its cells are forgotten once it has become a record."""

    __tablename__ = "import_rows"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        Index("ix_import_rows_state", "batch_id", "state", "line"),
    )
    audited: ClassVar[bool] = False

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id", ondelete="CASCADE")
    line: int = Field(primary_key=True)
    state: str = Field(max_length=10)
    label: str = Field(default="", max_length=200)
    cells: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    record_id: UUID | None = None
