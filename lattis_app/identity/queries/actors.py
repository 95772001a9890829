"""From a token or a cookie to the Actor, asked anew for every request so that changes act at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.errors import Unauthorized
from lattis_app.identity.permissions import Role, effective
from lattis_app.identity.tokens import digest, read_access_token

_ACTOR = """
SELECT u.id, u.name, u.role, u.subject_id, u.language, s.id AS session_id,
       (SELECT array_agg(o.permission) FROM permission_overrides o WHERE o.user_id = u.id AND o.granted) AS granted,
       (SELECT array_agg(o.permission) FROM permission_overrides o WHERE o.user_id = u.id AND NOT o.granted) AS denied,
       set_config('lattis.user_id', u.id::text, true)
FROM user_sessions s JOIN users u ON u.id = s.user_id
WHERE {condition} AND s.revoked_at IS NULL AND s.expires_at > :now AND u.active
"""
_BY_SESSION = text(_ACTOR.format(condition="s.id = :session_id AND u.id = :user_id"))
_BY_SESSIONS = text(_ACTOR.format(condition="s.id = ANY(:session_ids)"))
_BY_COOKIE = text(_ACTOR.format(condition="s.token_hash = :token_hash"))


def by_access_token(session: Session, token: str) -> Actor:
    """Who presents this access token. Raises Unauthorized when it, its session or its user ended."""
    claims = read_access_token(token)
    return _actor(session, _BY_SESSION, {"session_id": claims.session_id, "user_id": claims.user_id})


def by_cookie(session: Session, cookie: str) -> Actor:
    """Whose browser presents this session cookie. Raises Unauthorized when the session or its user ended."""
    if not cookie:
        raise Unauthorized("Sign in first")
    return _actor(session, _BY_COOKIE, {"token_hash": digest(cookie)})


def by_sessions(session: Session, session_ids: Sequence[UUID]) -> dict[UUID, Actor]:
    """Who works in these sessions now; those that have ended are missing."""
    rows = session.execute(_BY_SESSIONS, {"session_ids": list(session_ids), "now": clock.now()})
    return {row.session_id: _shown(row) for row in rows}


def _actor(session: Session, statement: Any, values: Mapping[str, object]) -> Actor:
    row = session.execute(statement, {**values, "now": clock.now()}).one_or_none()
    if row is None:
        raise Unauthorized("The session has ended; sign in again")
    return _shown(row)


def _shown(row: Row[Any]) -> Actor:
    return Actor(
        user_id=UUID(str(row.id)),
        name=row.name,
        role=row.role,
        permissions=effective(Role(row.role), frozenset(row.granted or ()), frozenset(row.denied or ())),
        subject_id=row.subject_id,
        session_id=row.session_id,
        language=row.language,
    )
