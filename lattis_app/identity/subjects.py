"""Whom the accounts of a role stand for: asked of the domain that keeps those records."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.errors import Invalid
from lattis_app.identity.permissions import Role

Exists = Callable[[Session, UUID], bool]

_KNOWN: dict[Role, Exists] = {}


def register_subject(role: Role, exists: Exists) -> None:
    """Say how the record is found that an account of this role stands for; called once by its domain."""
    if _KNOWN.setdefault(role, exists) is not exists:
        raise ValueError(f"{role} is registered already")


def require_known(session: Session, role: Role, subject_id: UUID | None) -> None:
    """Raise Invalid for an account that stands for a record which doesn't exist."""
    exists = _KNOWN.get(role)
    if subject_id is not None and exists is not None and not exists(session, subject_id):
        raise Invalid.field("subject_id", f"is no known {role.lower().replace('_', ' ')}")
