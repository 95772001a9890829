"""People who can sign in, and the permissions they hold beside their role's."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core.db import Record
from lattis_app.identity.permissions import Role

ROLES = ", ".join(f"'{role}'" for role in Role)


class User(Record, table=True):
    """One person. `email` and `phone` are kept normalised; `subject_id` is the record the user stands for."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(f"role IN ({ROLES})", name="role"),
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="reachable"),
        Index("uq_users_email", "email", unique=True, postgresql_where=text("email IS NOT NULL")),
        Index("uq_users_phone", "phone", unique=True, postgresql_where=text("phone IS NOT NULL")),
        Index("ix_users_subject_id", "subject_id"),
        Index("ix_users_role_name", "role", "name"),
    )
    masked_fields: ClassVar[frozenset[str]] = frozenset({"password_hash", "identity_hash", "pin_hash"})
    unaudited_fields: ClassVar[frozenset[str]] = frozenset(
        {"failed_sign_ins", "locked_until", "last_seen_at"}
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    name: str = Field(max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=20)
    role: str = Field(max_length=20)
    active: bool = True
    language: str = Field(default="en", max_length=5)
    password_hash: str | None = Field(default=None, max_length=200)
    identity_hash: str | None = Field(default=None, max_length=200)
    pin_hash: str | None = Field(default=None, max_length=200)
    subject_id: UUID | None = None
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    last_seen_at: datetime | None = None
    notification_channels: dict[str, list[str]] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )


class PermissionOverride(Record, table=True):
    """One permission more (granted) or less (denied) for one user; changes stand in the user's history."""

    __tablename__ = "permission_overrides"
    __table_args__ = (Index("uq_permission_overrides_user_permission", "user_id", "permission", unique=True),)
    audited: ClassVar[bool] = False

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    permission: str = Field(max_length=80)
    granted: bool
