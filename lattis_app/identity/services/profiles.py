"""Changing one's own profile, password and PIN."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.errors import Invalid, Unauthorized
from lattis_app.identity.attempts import count_secret
from lattis_app.identity.models import User
from lattis_app.identity.passwords import hash_secret, matches
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.schemas.sessions import ProfileEntry
from lattis_app.identity.services import sessions

KEPT_BY_THE_OFFICE = ("name", "phone")


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def update(session: Session, actor: Actor, entry: ProfileEntry) -> User:
    """Change one's own details. A new password or PIN needs the current one and ends all other sessions."""
    if actor.user_id is None:
        raise Unauthorized("Only people have a profile")
    user = find(session, User, actor.user_id, lock=True)
    given = entry.model_dump(exclude_unset=True, include={"name", "email", "phone", "language"})
    _refuse_emptied(user, given)
    for name, value in given.items():
        setattr(user, name, value)
    if entry.new_password:
        _prove(user, entry.current_password, user.password_hash)
        user.password_hash = hash_secret(entry.new_password)
    if entry.new_pin:
        if user.role != Role.DRIVER:
            raise Invalid.field("new_pin", "is for drivers")
        if user.pin_hash:
            _prove(user, entry.current_password, user.pin_hash)
        user.pin_hash = hash_secret(entry.new_pin)
    if entry.new_password or entry.new_pin:
        sessions.end_all(session, actor, user.id, "the sign-in secret was changed", keep=actor.session_id)
    return user


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def end_other_sessions(session: Session, actor: Actor) -> None:
    """Sign oneself out everywhere but here."""
    if actor.user_id is not None:
        sessions.end_all(
            session, actor, actor.user_id, "signed out from another device", keep=actor.session_id
        )


def _refuse_emptied(user: User, given: dict[str, str | None]) -> None:
    problems = [(name, "must not be empty") for name in ("name", "language") if given.get(name, "") is None]
    if user.role == Role.DRIVER:
        problems += [(name, "is kept by the office") for name in KEPT_BY_THE_OFFICE if name in given]
    if not given.get("email", user.email) and not given.get("phone", user.phone):
        problems.append(("email", "give an email or a phone"))
    if problems:
        raise Invalid.fields(problems)


def _prove(user: User, secret: str | None, stored: str | None) -> None:
    count_secret(user.id)
    if not matches(secret or "", stored):
        raise Invalid.field("current_password", "is not right")
