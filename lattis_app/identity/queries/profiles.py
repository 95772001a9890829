"""One's own profile."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find as find_record
from lattis_app.core.errors import Unauthorized
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, requires
from lattis_app.identity.schemas.sessions import ProfileOut


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
