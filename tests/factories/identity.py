"""People for tests."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role, effective
from lattis_app.identity.services.sessions import _open

PASSWORD = "correct horse"


def make_user(session: Session, role: Role = Role.ADMIN, **overrides: Any) -> User:
    """Somebody who can sign in."""
    values = {"name": f"A {role.lower()}", "email": f"{uuid4().hex}@example.com", "role": role}
    user = User(**(values | overrides))
    session.add(user)
    session.flush()
    return user


def actor_for(user: User) -> Actor:
    """The user as services see them."""
    role = Role(user.role)
    permissions = effective(role, frozenset(), frozenset())
    return Actor(user.id, user.name, role, permissions, subject_id=user.subject_id)


def make_actor(session: Session, role: Role = Role.ADMIN, subject_id: UUID | None = None) -> Actor:
    """Somebody of a role, as services see them."""
    return actor_for(make_user(session, role, subject_id=subject_id))


def make_token(session: Session, user: User) -> str:
    """An access token of a session just opened."""
    signed_in = _open(session, user, "tests")
    session.flush()
    return signed_in.access_token
