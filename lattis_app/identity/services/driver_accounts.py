"""The account a driver signs in with; it follows the driver's record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.core.references import count_references
from lattis_app.identity.models import User
from lattis_app.identity.passwords import hash_secret, identity_secret, matches
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.services import sessions

U = columns(User)


@requires(Permission.RENTAL_DRIVERS_MANAGE)
def keep(
    session: Session,
    actor: Actor,
    driver_id: UUID,
    *,
    name: str,
    ic_number: str,
    phone: str,
    active: bool = True,
) -> User:
    """Let a driver sign in with name, identity card and phone; called again, it follows their changes.

    An account that is closed, or whose identity changed, loses its sessions at once.
    """
    statement = select(User).where(U.subject_id == driver_id, U.role == Role.DRIVER).with_for_update()
    user = session.scalars(statement).one_or_none()
    secret = identity_secret(name, ic_number)
    if user is None:
        user = User(role=Role.DRIVER, subject_id=driver_id, name=name, phone=phone)
        session.add(user)
    changed = not matches(secret, user.identity_hash)
    if changed:
        user.identity_hash = hash_secret(secret)
    user.name, user.phone, user.active = name, phone, active
    session.flush()
    if changed or not active:
        sessions.end_all(session, SYSTEM, user.id, "the driver's record was changed")
    return user


@requires(Permission.RENTAL_DRIVERS_MANAGE)
def in_use(session: Session, actor: Actor, driver_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these drivers whose accounts other records name."""
    users = session.scalars(_accounts(driver_ids)).all()
    named = count_references(session, User.__table__, [user.id for user in users])  # type: ignore[attr-defined]  # every table model has one
    return [user.subject_id for user in users if user.id in named and user.subject_id]


@requires(Permission.RENTAL_DRIVERS_MANAGE)
def remove(session: Session, actor: Actor, driver_ids: Sequence[UUID]) -> None:
    """Forget the accounts of drivers who are forgotten themselves, and sign them out."""
    for user in session.scalars(_accounts(driver_ids).with_for_update()).all():
        session.delete(user)
    session.flush()


def _accounts(driver_ids: Sequence[UUID]) -> Select[User]:
    return select(User).where(U.subject_id.in_(driver_ids), U.role == Role.DRIVER)
