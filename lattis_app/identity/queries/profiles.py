"""One's own profile."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.db import find as find_record
from lattis_app.core.errors import Unauthorized
from lattis_app.identity.models import User, UserSession
from lattis_app.identity.permissions import Permission, requires
from lattis_app.identity.schemas.sessions import ProfileOut
from lattis_app.identity.schemas.users import SessionOut

S = columns(UserSession)
MOST_SESSIONS = 50


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def find(session: Session, actor: Actor) -> ProfileOut:
    """Who is signed in, and what they may do."""
    if actor.user_id is None:
        raise Unauthorized("Only people have a profile")
    user = find_record(session, User, actor.user_id)
    return ProfileOut(
        id=user.id,
        role=user.role,
        email=user.email,
        name=user.name,
        phone=user.phone,
        language=user.language,
        subject_id=user.subject_id,
        has_pin=user.pin_hash is not None,
        permissions=sorted(actor.permissions),
    )


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def sessions(session: Session, actor: Actor) -> list[SessionOut]:
    """The devices on which one is signed in, the latest first."""
    statement = (
        select(S.id, S.device, S.address, S.created_at, S.expires_at)
        .where(S.user_id == actor.user_id, S.revoked_at.is_(None), S.expires_at > clock.now())
        .order_by(S.created_at.desc())
        .limit(MOST_SESSIONS)
    )
    return [SessionOut(**row._mapping) for row in session.execute(statement)]
