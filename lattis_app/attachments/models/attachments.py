"""One kept file and the record it belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from lattis_app.core.db import Record


class Attachment(Record, table=True):
    """A file in the store; its bytes never change, so the hash and the sizes stay true."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size_bytes"),
        Index("ix_attachments_target", "target_type", "target_id", "created_at"),
        Index("uq_attachments_storage_key", "storage_key", unique=True),
        Index("ix_attachments_uploaded_by_id", "uploaded_by_id"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("file_name",)

    target_type: str = Field(max_length=40)
    target_id: UUID
    slot: str = Field(default="other", max_length=40)
    file_name: str = Field(max_length=120)
    content_type: str = Field(max_length=100)
    size_bytes: int
    sha256: str = Field(max_length=64)
    storage_key: str = Field(max_length=300)
    thumb_key: str | None = Field(default=None, max_length=300)
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    uploaded_by_id: UUID | None = Field(default=None, foreign_key="users.id")
