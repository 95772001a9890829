"""Signing in, refreshing, and one's own profile."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from lattis_app.core.schemas import Email, Entry, Name, Out, Phone
from lattis_app.identity.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD

Secret = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=LONGEST_PASSWORD)]
NewPassword = Annotated[
    str, StringConstraints(strip_whitespace=False, min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)
]


def _digits(pin: str) -> str:
    if not (pin.isascii() and pin.isdecimal() and 4 <= len(pin) <= 8):
        raise ValueError("must be 4 to 8 digits")
    return pin


Pin = Annotated[str, AfterValidator(_digits), Field(json_schema_extra={"pattern": "^[0-9]{4,8}$"})]


class SignInEntry(Entry):
    """Office sign-in: e-mail or phone, and the password."""

    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    password: Secret

    @model_validator(mode="after")
    def _one_account(self) -> SignInEntry:
        if bool(self.email) == bool(self.phone):
            raise ValueError("give either email or phone")
        return self


class DriverSignInEntry(Entry):
    """A driver's sign-in: identity data, and the PIN once there is one."""

    driverName: Annotated[str, StringConstraints(min_length=1, max_length=200)]  # noqa: N815 — the seed's name
    icNumber: Annotated[str, StringConstraints(min_length=1, max_length=40)]  # noqa: N815 — the seed's name
    phoneNumber: Annotated[str, StringConstraints(min_length=1, max_length=40)]  # noqa: N815 — the seed's name
    pin: Pin | None = None


class RefreshEntry(Entry):
    """The refresh token to exchange."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ProfileEntry(Entry):
    """What a user may change about themselves; `current_password` proves a new password, or a new PIN by the old."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Annotated[str, Field(pattern="^(en|ms|ar)$")] | None = None
    current_password: Secret | None = None
    new_password: NewPassword | None = None
    new_pin: Pin | None = None


class UserSummary(Out):
    """Who signed in."""

    id: UUID
    role: str
    email: str | None
    name: str


class SignedInOut(Out):
    """The tokens of a new session."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 — not a secret
    expires_in: int
    user: UserSummary


class SignedOutOut(Out):
    """The session has ended."""

    signed_out: bool = True


class ProfileOut(UserSummary):
    """One's own profile and permissions."""

    phone: str | None
    language: str
    subject_id: UUID | None
    has_pin: bool
    permissions: list[str]
