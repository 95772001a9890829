"""Signing in and out. A refusal is counted in a transaction of its own, since it must outlive the refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lattis_app.core import clock, context
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as, record_action
from lattis_app.core.db import columns, unit_of_work
from lattis_app.core.errors import Unauthorized
from lattis_app.core.normal import normal_email, normal_phone
from lattis_app.identity.attempts import count_failure
from lattis_app.identity.models import RefreshToken, User, UserSession
from lattis_app.identity.passwords import identity_secret, matches
from lattis_app.identity.permissions import Permission, check, open_to_anyone, requires
from lattis_app.identity.schemas.sessions import DriverSignInEntry, SignInEntry
from lattis_app.identity.tokens import (
    ACCESS_LIFETIME,
    SESSION_LIFETIME,
    digest,
    make_access_token,
    make_token,
)

FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=15)
U, S, R = columns(User), columns(UserSession), columns(RefreshToken)
WRONG = "These sign-in details are not right, or there were too many failures; after five, wait 15 minutes"
"""The same words for every cause, so that nobody learns which accounts exist."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its tokens for programs, its cookie for browsers."""

    user: User
    session_id: UUID
    access_token: str
    refresh_token: str
    cookie: str
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())


@open_to_anyone
def sign_in(entry: SignInEntry, device: str = "") -> SignedIn:
    """Sign in to the office with e-mail or phone and password. Raises Unauthorized; never says which part is wrong.

    Five failures lock the account for 15 minutes.
    """
    account = (
        U.email == normal_email(entry.email) if entry.email else U.phone == normal_phone(entry.phone or "")
    )
    user = _candidate(account)
    right = matches(entry.password, user.password_hash if user else None)
    return _decide(user, right, device)


@open_to_anyone
def sign_in_driver(entry: DriverSignInEntry, device: str = "") -> SignedIn:
    """Sign a driver in with name, identity card and phone, and the PIN once one is set. Raises Unauthorized."""
    user = _candidate(U.phone == normal_phone(entry.phoneNumber, "phoneNumber"))
    right = matches(identity_secret(entry.driverName, entry.icNumber), user.identity_hash if user else None)
    if right and user and user.pin_hash:
        right = matches(entry.pin or "", user.pin_hash)
    return _decide(user, right, device)


def _candidate(account: ColumnElement[bool]) -> User | None:
    with unit_of_work() as session:
        return session.scalars(select(User).where(account)).one_or_none()


def _decide(user: User | None, right: bool, device: str) -> SignedIn:
    locked = user is not None and user.locked_until is not None and user.locked_until > clock.now()
    if user is None or not user.active or locked or not right:
        if user is not None and not right and not locked:
            _count_failure(user.id)
        count_failure()
        raise Unauthorized(WRONG)
    with unit_of_work() as session:
        act_as(session, Actor(user.id, user.name, user.role))
        known = session.get_one(User, user.id, with_for_update=True)
        if not known.active or _secrets(known) != _secrets(user):
            raise Unauthorized(WRONG)
        known.failed_sign_ins, known.locked_until, known.last_seen_at = 0, None, clock.now()
        record_action(session, "users", known.id, "signed_in", after={"device": device[:300]})
        return _open(session, known, device)


def _secrets(user: User) -> tuple[str | None, ...]:
    """What was proven: it may have been replaced, and every session ended, while the proof was looked at."""
    return user.password_hash, user.identity_hash, user.pin_hash


def _count_failure(user_id: UUID) -> None:
    with unit_of_work() as session:
        act_as(session, SYSTEM)
        user = session.get_one(User, user_id, with_for_update=True)
        user.failed_sign_ins += 1
        if user.failed_sign_ins >= FAILURES_BEFORE_LOCK:
            user.failed_sign_ins, user.locked_until = 0, clock.now() + LOCKED_FOR
            record_action(session, "users", user.id, "locked", reason="Too many failed sign-ins")


def _open(session: Session, user: User, device: str) -> SignedIn:
    cookie, refresh, request = make_token(), make_token(), context.current()
    expires = clock.now() + SESSION_LIFETIME
    opened = UserSession(
        user_id=user.id,
        token_hash=digest(cookie),
        device=device[:300],
        address=request.address if request else "",
        expires_at=expires,
    )
    session.add(opened)
    session.flush()
    session.add(RefreshToken(session_id=opened.id, token_hash=digest(refresh), expires_at=expires))
    return SignedIn(user, opened.id, make_access_token(user.id, user.role, opened.id), refresh, cookie)


@open_to_anyone
def refresh(token: str) -> SignedIn:
    """Exchange a refresh token for a new pair. A used one ends its whole session. Raises Unauthorized."""
    with unit_of_work() as session:
        renewed = _renew(session, token)
    if renewed is None:
        raise Unauthorized("The refresh token is not valid any more")
    return renewed


def _renew(session: Session, token: str) -> SignedIn | None:
    statement = select(RefreshToken).where(R.token_hash == digest(token)).with_for_update()
    presented = session.scalars(statement).one_or_none()
    if presented is None:
        return None
    opened = session.get_one(UserSession, presented.session_id, with_for_update=True)
    user = session.get_one(User, opened.user_id)
    act_as(session, Actor(user.id, user.name, user.role))
    if presented.used_at is not None:
        if opened.revoked_at is None:
            record_action(
                session,
                "users",
                user.id,
                "session_revoked",
                reason="A used refresh token was presented",
                label=user.name,
            )
        _revoke(opened, "refresh token reuse")
        return None
    now = clock.now()
    if (
        opened.revoked_at is not None
        or presented.expires_at <= now
        or opened.expires_at <= now
        or not user.active
    ):
        return None
    presented.used_at = now
    following = make_token()
    session.add(
        RefreshToken(session_id=opened.id, token_hash=digest(following), expires_at=opened.expires_at)
    )
    return SignedIn(user, opened.id, make_access_token(user.id, user.role, opened.id), following, "")


def _revoke(opened: UserSession, because: str) -> None:
    if opened.revoked_at is None:
        opened.revoked_at, opened.revoked_because = clock.now(), because


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def sign_out(session: Session, actor: Actor) -> None:
    """End the session this actor works in; its tokens and cookie stop working at once."""
    if actor.session_id is not None:
        _revoke(session.get_one(UserSession, actor.session_id, with_for_update=True), "signed out")
        record_action(session, "users", actor.user_id or actor.session_id, "signed_out", label=actor.name)


@requires(Permission.IDENTITY_PROFILE_MANAGE, Permission.IDENTITY_USERS_MANAGE)
def end_all(session: Session, actor: Actor, user_id: UUID, because: str, keep: UUID | None = None) -> None:
    """End every session of a user, except one to keep. Somebody else's only with the right to manage users."""
    if user_id != actor.user_id:
        check(actor, Permission.IDENTITY_USERS_MANAGE)
    statement = (
        update(UserSession)
        .where(S.user_id == user_id, S.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_because=because)
    )
    session.execute(statement.where(S.id != keep) if keep else statement)
