"""Who asks: an administrator, signed in as often as there are clients."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lattis_app.core import clock
from lattis_app.core.db import columns, unit_of_work
from lattis_app.identity.models import User, UserSession
from lattis_app.identity.permissions import Role
from lattis_app.identity.tokens import SESSION_LIFETIME, digest, make_access_token, make_token

EMAIL = "bench@example.com"


@dataclass(frozen=True)
class SignedIn:
    """One session, as programs and as browsers prove it."""

    token: str
    cookie: str


def sign_in(times: int) -> list[SignedIn]:
    """Open sessions of one administrator in the configured database."""
    with unit_of_work() as session:
        user = session.scalars(select(User).where(columns(User).email == EMAIL)).one_or_none()
        if user is None:
            user = User(name="Bench", email=EMAIL, role=Role.ADMIN)
            session.add(user)
            session.flush()
        signed_in = []
        for _ in range(times):
            cookie = make_token()
            opened = UserSession(
                user_id=user.id, token_hash=digest(cookie), expires_at=clock.now() + SESSION_LIFETIME
            )
            session.add(opened)
            signed_in.append(SignedIn(make_access_token(user.id, user.role, opened.id), cookie))
    return signed_in
