"""Who is acting. Services and queries receive an Actor; nothing else decides what somebody may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, a program, or the system itself.

    `subject_id` is the record this user stands for: the driver, merchant or seller whose rows it may see.
    """

    user_id: UUID | None
    name: str
    role: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    subject_id: UUID | None = None
    session_id: UUID | None = None
    language: str = "en"
    is_system: bool = False

    def may(self, permission: str) -> bool:
        """Whether this actor holds a permission; the system holds them all."""
        return self.is_system or permission in self.permissions


SYSTEM = Actor(user_id=None, name="Lattis", role="SYSTEM", is_system=True)
