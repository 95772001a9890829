"""What somebody was told. Row-level security: the database shows a user only their own."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from lattis_app.core.db import Record


class Notification(Record, table=True):
    """One message to one user; `link` opens what it is about."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_id", "user_id", "created_at", "id"),
        Index("ix_notifications_unread", "user_id", postgresql_where=text("read_at IS NULL")),
        Index(
            "uq_notifications_event",
            "user_id",
            "event_id",
            unique=True,
            postgresql_where=text("event_id IS NOT NULL"),
        ),
    )
    audited: ClassVar[bool] = False

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    event_id: UUID | None = None
    kind: str = Field(max_length=60)
    title: str = Field(max_length=200)
    body: str = Field(default="", max_length=500)
    link: str = Field(default="", max_length=300)
    tone: str = Field(default="info", max_length=10)
    read_at: datetime | None = None
