"""From a token or a cookie to the Actor, asked anew for every request so that changes act at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from lattis_app.core import clock, idempotency
from lattis_app.core.actors import Actor
from lattis_app.core.errors import Unauthorized
from lattis_app.identity.permissions import Role, effective
from lattis_app.identity.tokens import digest, read_access_token

_ACTOR = """
SELECT u.id, u.name, u.role, u.subject_id, u.language, s.id AS session_id,
       (SELECT array_agg(o.permission) FROM permission_overrides o WHERE o.user_id = u.id AND o.granted) AS granted,
       (SELECT array_agg(o.permission) FROM permission_overrides o WHERE o.user_id = u.id AND NOT o.granted) AS denied,
       set_config('lattis.user_id', u.id::text, true){columns}
FROM user_sessions s JOIN users u ON u.id = s.user_id{joined}
WHERE {condition} AND s.revoked_at IS NULL AND s.expires_at > :now AND u.active
"""
_CLAIM = f" CROSS JOIN LATERAL {idempotency.CLAIM.format(actor_id='u.id')}"


def _statements(condition: str) -> tuple[TextClause, TextClause]:
    """Who it is, and who it is together with their claim to an Idempotency-Key."""
    return (
        text(_ACTOR.format(condition=condition, columns="", joined="")),
        text(_ACTOR.format(condition=condition, columns=f", {idempotency.CLAIMED}", joined=_CLAIM)),
    )


_BY_SESSION = _statements("s.id = :session_id AND u.id = :user_id")
_BY_SESSIONS, _ = _statements("s.id = ANY(:session_ids)")
_BY_COOKIE = _statements("s.token_hash = :token_hash")


def by_access_token(session: Session, token: str, key: str = "") -> Actor:
    """Who presents this access token, and perhaps an Idempotency-Key, which is claimed in the same statement.

    Raises Unauthorized when the token, its session or its user ended.
    """
    claims = read_access_token(token)
    return _actor(session, _BY_SESSION, {"session_id": claims.session_id, "user_id": claims.user_id}, key)


def by_cookie(session: Session, cookie: str, key: str = "") -> Actor:
    """Whose browser presents this session cookie. Raises Unauthorized when the session or its user ended."""
    if not cookie:
        raise Unauthorized("Sign in first")
    return _actor(session, _BY_COOKIE, {"token_hash": digest(cookie)}, key)


def by_sessions(session: Session, session_ids: Sequence[UUID]) -> dict[UUID, Actor]:
    """Who works in these sessions now; those that have ended are missing."""
    rows = session.execute(_BY_SESSIONS, {"session_ids": list(session_ids), "now": clock.now()})
    return {row.session_id: _shown(row) for row in rows}


def _actor(
    session: Session, statements: tuple[TextClause, TextClause], values: dict[str, object], key: str
) -> Actor:
    alone, claiming = statements
    values["now"] = clock.now()
    if is_claimed := idempotency.is_key(key):
        values["key"] = key
    row = session.execute(claiming if is_claimed else alone, values).one_or_none()
    if row is None:
        raise Unauthorized("The session has ended; sign in again")
    if is_claimed:
        idempotency.note_claim(session, row)
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
