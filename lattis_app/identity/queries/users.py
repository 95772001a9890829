"""Finding the people who may sign in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.normal import try_phone
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.models import PermissionOverride, User, UserSession
from lattis_app.identity.permissions import Permission, Role, effective, requires
from lattis_app.identity.schemas.users import SessionOut, UserFilters, UserOut

U, O, S = columns(User), columns(PermissionOverride), columns(UserSession)  # noqa: E741 — as every module names its tables
MOST_SESSIONS = 50
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "name": U.name,
    "role": U.role,
    "last_seen_at": U.last_seen_at,
    "created_at": U.created_at,
}


def _overridden(granted: bool) -> ColumnElement[Any]:
    of_user = select(func.array_agg(O.permission)).where(O.user_id == U.id, O.granted == granted)
    return of_user.correlate(User.__table__).scalar_subquery()  # type: ignore[attr-defined]  # every table model has one


SHOWN = select(
    U.id,
    U.name,
    U.email,
    U.phone,
    U.role,
    case((U.active, "active"), else_="inactive").label("status"),
    U.active,
    U.language,
    U.subject_id,
    U.password_hash.is_not(None).label("has_password"),
    U.pin_hash.is_not(None).label("has_pin"),
    U.locked_until,
    U.last_seen_at,
    _overridden(True).label("grants"),
    _overridden(False).label("denials"),
    U.created_at,
    U.updated_at,
)


@requires(Permission.IDENTITY_USERS_READ)
def page(session: Session, actor: Actor, filters: UserFilters, request: PageRequest) -> Page[UserOut]:
    """List users, by name unless asked otherwise. Sorts: name, role, last_seen_at, created_at."""
    statement = sorted_by(_filtered(SHOWN, filters), request.sort, SORTS, "name", U.id)
    return paginate(session, statement, request).map(_shown)


@requires(Permission.IDENTITY_USERS_READ)
def find(session: Session, actor: Actor, user_id: UUID) -> UserOut:
    """One user with their effective permissions, or NotFound."""
    row = session.execute(SHOWN.where(U.id == user_id)).one_or_none()
    if row is None:
        raise NotFound.record("User", user_id)
    return _shown(row)


@requires(Permission.IDENTITY_USERS_READ, Permission.COURIER_MERCHANTS_MANAGE)
def accounts_of(session: Session, actor: Actor, subject_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many accounts stand for each of these records; those that nobody stands for are missing."""
    accounts = session.scalars(select(U.subject_id).where(U.subject_id.in_(subject_ids)))
    return Counter(subject_id for subject_id in accounts if subject_id is not None)


@requires(Permission.IDENTITY_USERS_READ)
def sessions_of(session: Session, actor: Actor, user_id: UUID) -> list[SessionOut]:
    """The devices on which a user is signed in now, the latest first."""
    statement = (
        select(S.id, S.device, S.address, S.created_at, S.expires_at)
        .where(S.user_id == user_id, S.revoked_at.is_(None), S.expires_at > clock.now())
        .order_by(S.created_at.desc())
        .limit(MOST_SESSIONS)
    )
    return [SessionOut(**row._mapping) for row in session.execute(statement)]


def _shown(row: Row[Any]) -> UserOut:
    values = dict(row._mapping)
    grants, denials = sorted(values.pop("grants") or ()), sorted(values.pop("denials") or ())
    now = clock.now()
    if values["locked_until"] and values["locked_until"] <= now:
        values["locked_until"] = None
    permissions = sorted(effective(Role(row.role), frozenset(grants), frozenset(denials)))
    return UserOut(**values, grants=grants, denials=denials, permissions=permissions)


def _filtered(statement: Select[Any], filters: UserFilters) -> Select[Any]:
    if filters.role is not None:
        statement = statement.where(U.role == filters.role)
    if filters.active is not None:
        statement = statement.where(U.active == filters.active)
    if filters.q:
        signs = [
            U.name.icontains(filters.q, autoescape=True),
            U.email.startswith(filters.q.lower(), autoescape=True),
        ]
        if number := try_phone(filters.q):
            signs.append(U.phone == number)
        statement = statement.where(or_(*signs))
    return statement
