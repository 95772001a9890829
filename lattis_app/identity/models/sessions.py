"""Signed-in devices and the refresh tokens that belong to them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from lattis_app.core.db import Record


class UserSession(Record, table=True):
    """One signed-in device. Only a hash of its cookie is stored."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        Index("uq_user_sessions_token_hash", "token_hash", unique=True),
        Index("ix_user_sessions_user_id", "user_id"),
        Index("ix_user_sessions_expires_at", "expires_at"),
    )
    audited: ClassVar[bool] = False

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    token_hash: str | None = Field(default=None, max_length=64)
    device: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_because: str = Field(default="", max_length=60)


class RefreshToken(Record, table=True):
    """One link of a session's chain of refresh tokens; presenting a used one ends the session."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("uq_refresh_tokens_token_hash", "token_hash", unique=True),
        Index("ix_refresh_tokens_session_id", "session_id"),
    )
    audited: ClassVar[bool] = False

    session_id: UUID = Field(foreign_key="user_sessions.id", ondelete="CASCADE")
    token_hash: str = Field(max_length=64)
    expires_at: datetime
    used_at: datetime | None = None
