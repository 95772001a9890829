"""People who may sign in, as the office keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from lattis_app.core.schemas import CLEAN, Changes, Email, Entry, Filters, Name, Out, Phone, Reason
from lattis_app.identity.permissions import Permission, Role
from lattis_app.identity.schemas.sessions import NewPassword, Pin

Language = Annotated[str, Field(pattern="^(en|ms|ar)$")]


class UserEntry(Entry):
    """Somebody new. Without a password they can't sign in until one is set."""

    name: Name
    email: Email | None = None
    phone: Phone | None = None
    role: Role
    language: Language = "en"
    subject_id: UUID | None = None
    password: NewPassword | None = None

    @model_validator(mode="after")
    def _reachable(self) -> UserEntry:
        if not (self.email or self.phone):
            raise ValueError("give an email or a phone")
        return self


class UserChanges(Changes):
    """What to change about a user."""

    clearable = {"email": None, "phone": None, "pin": None}

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    role: Role | None = None
    active: bool | None = None
    language: Language | None = None
    pin: Pin | None = None


class OverridesEntry(Entry):
    """All permissions that a user has beside, or lacks of, their role's."""

    grants: list[Permission] = []
    denials: list[Permission] = []
    reason: Reason | None = None

    @model_validator(mode="after")
    def _either_or(self) -> OverridesEntry:
        both = sorted(set(self.grants) & set(self.denials))
        if both:
            raise ValueError(f"{', '.join(both)} can't be granted and denied at once")
        return self


class PasswordEntry(Entry):
    """A new password set by the office."""

    password: NewPassword


class UserFilters(Filters):
    """Which users to list. `q` finds names, e-mail addresses and phones."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    role: Role | None = None
    active: bool | None = None


class UserOut(Out):
    """A user and what they may do."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    role: str
    status: str
    active: bool
    language: str
    subject_id: UUID | None
    has_password: bool
    has_pin: bool
    locked_until: datetime | None
    last_seen_at: datetime | None
    grants: list[str]
    denials: list[str]
    permissions: list[str]
    created_at: datetime
    updated_at: datetime


class SessionOut(Out):
    """One signed-in device."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    expires_at: datetime
