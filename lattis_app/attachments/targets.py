"""Which kinds of record can carry files, and who may see or add them: asked of the domain that owns the record."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid


class Guard(Protocol):
    """Let an actor through to a record's files, or raise NotFound or Forbidden."""

    def __call__(self, session: Session, actor: Actor, target_id: UUID, write: bool) -> None: ...


_GUARDS: dict[str, Guard] = {}


def register_target(target_type: str, guard: Guard) -> None:
    """Name a kind of record that can carry files (`DO`, `INVOICE`, `LORRY`); called once by its domain."""
    if _GUARDS.setdefault(target_type, guard) is not guard:
        raise ValueError(f"{target_type} is registered already")


def require_access(session: Session, actor: Actor, target_type: str, target_id: UUID, *, write: bool) -> None:
    """Raise Invalid for an unknown kind, NotFound or Forbidden as the record's domain decides."""
    guard = _GUARDS.get(target_type)
    if guard is None:
        known = ", ".join(sorted(_GUARDS)) or "none"
        raise Invalid.field("target_type", f"must be one of {known}")
    guard(session, actor, target_id, write)
