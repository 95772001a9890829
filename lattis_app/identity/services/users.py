"""Keeping the people who may sign in, and what they may do (contract: api.md, "Who is who")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.audit import record_action
from lattis_app.core.db import advisory_lock, columns, find
from lattis_app.core.errors import Conflict, Forbidden, Invalid, PreconditionFailed
from lattis_app.identity.models import PermissionOverride, User
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.schemas.users import OverridesEntry, PasswordEntry, UserChanges, UserEntry
from lattis_app.identity.services import sessions
from lattis_app.identity.subjects import require_known

U, O = columns(User), columns(PermissionOverride)  # noqa: E741 — as every module names its tables
ADMINISTRATORS = (Role.SUPER_ADMIN, Role.ADMIN)


class LastAdministrator(PreconditionFailed):
    """Somebody must remain who can manage users."""


class DriverHasAccount(Conflict):
    """A driver signs in with one account; the driver's record keeps it."""


class OwnRights(PreconditionFailed):
    """Nobody changes their own role, rights or access."""


@requires(Permission.IDENTITY_USERS_MANAGE)
def create(session: Session, actor: Actor, entry: UserEntry) -> User:
    """Let somebody sign in. A driver's account must name a driver there is. Raises DriverHasAccount for a second one."""
    _refuse_role(actor, entry.role)
    if entry.role is Role.DRIVER and entry.subject_id is None:
        raise Invalid.field("subject_id", "must name the driver")
    if entry.role is Role.DRIVER:
        _require_no_account(session, entry.subject_id)
    require_known(session, entry.role, entry.subject_id)
    user = User(
        name=entry.name,
        email=entry.email,
        phone=entry.phone,
        role=entry.role,
        language=entry.language,
        subject_id=entry.subject_id,
        password_hash=hash_secret(entry.password) if entry.password else None,
    )
    session.add(user)
    return user


@requires(Permission.IDENTITY_USERS_MANAGE)
def stand_for(session: Session, actor: Actor, user_id: UUID, subject_id: UUID) -> User:
    """Let an account stand for the record whose rows it may see, such as its seller. Raises Invalid for no such one."""
    user = _manageable(session, actor, user_id)
    require_known(session, Role(user.role), subject_id)
    user.subject_id = subject_id
    return user


@requires(Permission.IDENTITY_USERS_MANAGE)
def update(session: Session, actor: Actor, user_id: UUID, changes: UserChanges) -> User:
    """Change a user's details, role or access; role and access count from their next request on."""
    advisory_lock(session, "administrators")
    user = _manageable(session, actor, user_id)
    given = changes.given()
    if user.id == actor.user_id and {"role", "active"} & {
        name for name in given if given[name] != getattr(user, name, None)
    }:
        raise OwnRights("You can't change your own role or access")
    role = given.get("role", Role(user.role))
    _refuse_role(actor, role)
    if role is Role.DRIVER and user.subject_id is None:
        raise Invalid.field("role", "a driver's account is made with the driver")
    if role is Role.DRIVER and user.role != Role.DRIVER:
        _require_no_account(session, user.subject_id)
        require_known(session, role, user.subject_id)
    if not given.get("email", user.email) and not given.get("phone", user.phone):
        raise Invalid.field("email", "give an email or a phone")
    if "pin" in given:
        pin = given.pop("pin")
        user.pin_hash = hash_secret(pin) if pin else None
    for name, value in given.items():
        setattr(user, name, value)
    session.flush()
    _keep_an_administrator(session)
    if not user.active:
        sessions.end_all(session, actor, user.id, "the account was closed")
    return user


@requires(Permission.IDENTITY_USERS_MANAGE)
def set_overrides(session: Session, actor: Actor, user_id: UUID, entry: OverridesEntry) -> None:
    """Say which permissions a user has beside their role's, or lacks; nobody grants what they don't hold."""
    advisory_lock(session, "administrators")
    user = _manageable(session, actor, user_id)
    if user.id == actor.user_id:
        raise OwnRights("You can't change your own rights")
    known = session.scalars(select(PermissionOverride).where(O.user_id == user_id)).all()
    _refuse_grants(actor, set(entry.grants) - {row.permission for row in known if row.granted})
    before = {row.permission: row.granted for row in known}
    wanted = dict.fromkeys(map(str, entry.grants), True) | dict.fromkeys(map(str, entry.denials), False)
    for row in known:
        if row.permission in wanted:
            row.granted = wanted[row.permission]
        else:
            session.delete(row)
    session.add_all(
        PermissionOverride(user_id=user_id, permission=permission, granted=granted)
        for permission, granted in wanted.items()
        if permission not in before
    )
    if wanted != before:
        record_action(
            session,
            "users",
            user_id,
            "changed",
            _in_words(before),
            _in_words(wanted),
            entry.reason,
            user.name,
        )
    session.flush()
    _keep_an_administrator(session)


def _in_words(overrides: Mapping[str, bool]) -> dict[str, str]:
    return {
        name: ", ".join(sorted(permission for permission, granted in overrides.items() if granted is kind))
        for name, kind in (("grants", True), ("denials", False))
    }


@requires(Permission.IDENTITY_USERS_MANAGE)
def reset_password(session: Session, actor: Actor, user_id: UUID, entry: PasswordEntry) -> User:
    """Give a user a new password, unlock their account and end all their sessions."""
    user = _manageable(session, actor, user_id)
    user.password_hash = hash_secret(entry.password)
    user.failed_sign_ins, user.locked_until = 0, None
    keep = actor.session_id if user.id == actor.user_id else None
    sessions.end_all(session, actor, user.id, "the password was reset", keep=keep)
    return user


@requires(Permission.IDENTITY_USERS_MANAGE)
def end_sessions(session: Session, actor: Actor, user_id: UUID) -> User:
    """Sign a user out everywhere."""
    user = _manageable(session, actor, user_id)
    sessions.end_all(session, actor, user.id, "signed out by the office")
    return user


def _require_no_account(session: Session, driver_id: UUID | None) -> None:
    advisory_lock(session, f"account of {driver_id}")
    if session.scalar(select(U.id).where(U.subject_id == driver_id, U.role == Role.DRIVER)) is not None:
        raise DriverHasAccount(
            "The driver has an account already", field="subject_id", reason="has an account already"
        )


def _manageable(session: Session, actor: Actor, user_id: UUID) -> User:
    user = find(session, User, user_id, lock=True)
    _refuse_role(actor, Role(user.role))
    return user


def _refuse_role(actor: Actor, role: Role) -> None:
    """Platform accounts belong to the platform, administrators to administrators."""
    if actor.is_system or actor.role == Role.SUPER_ADMIN:
        return
    if role is Role.SUPER_ADMIN or (role is Role.ADMIN and actor.role != Role.ADMIN):
        raise Forbidden(
            f"You can't manage accounts of the role {role}", field="role", reason="is above yours"
        )


def _refuse_grants(actor: Actor, permissions: Iterable[Permission | str]) -> None:
    beyond = sorted(permission for permission in permissions if not actor.may(permission))
    if beyond and actor.role != Role.SUPER_ADMIN:
        raise Forbidden(
            "You can't grant what you don't hold yourself", field="grants", reason=", ".join(beyond)
        )


def _keep_an_administrator(session: Session) -> None:
    denied = exists().where(
        O.user_id == U.id, O.permission == Permission.IDENTITY_USERS_MANAGE, O.granted.is_(False)
    )
    left = select(func.count()).where(U.active, U.role.in_(ADMINISTRATORS), ~denied)
    if session.execute(left).scalar_one() == 0:
        raise LastAdministrator("This would leave nobody who can manage users")
