"""Lists as somebody likes to see them. Row-level security: the database shows a user only their own."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from lattis_app.core.db import Record


class SavedView(Record, table=True):
    """A named filter, order and choice of columns of one list; `query` is the address's query string."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("uq_saved_views_name", "user_id", "list_name", "name", unique=True),)
    audited: ClassVar[bool] = False

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    list_name: str = Field(max_length=60)
    name: str = Field(max_length=80)
    query: str = Field(max_length=2000)
