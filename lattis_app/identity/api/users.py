"""Users over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.identity.queries import users as queries
from lattis_app.identity.schemas.users import (
    OverridesEntry,
    PasswordEntry,
    SessionOut,
    UserChanges,
    UserEntry,
    UserFilters,
    UserOut,
)
from lattis_app.identity.services import users
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Users")


@routes.get("/users", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[UserFilters, Query()], request: PageParams
) -> Page[UserOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/users", users.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: UserEntry) -> UserOut:
    user = users.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, user.id)


@routes.get("/users/{user_id}", queries.find)
def find(session: Session, actor: Actor, user_id: UUID) -> UserOut:
    return queries.find(session, actor, user_id)


@routes.patch("/users/{user_id}", users.update)
def update(session: Session, actor: Actor, user_id: UUID, changes: UserChanges) -> UserOut:
    users.update(session, actor, user_id, changes)
    return queries.find(session, actor, user_id)


@routes.put("/users/{user_id}/permissions", users.set_overrides)
def set_overrides(session: Session, actor: Actor, user_id: UUID, entry: OverridesEntry) -> UserOut:
    users.set_overrides(session, actor, user_id, entry)
    return queries.find(session, actor, user_id)


@routes.post("/users/{user_id}/reset-password", users.reset_password)
def reset_password(session: Session, actor: Actor, user_id: UUID, entry: PasswordEntry) -> UserOut:
    users.reset_password(session, actor, user_id, entry)
    session.flush()
    return queries.find(session, actor, user_id)


@routes.get("/users/{user_id}/sessions", queries.sessions_of)
def sessions_of(session: Session, actor: Actor, user_id: UUID) -> list[SessionOut]:
    return queries.sessions_of(session, actor, user_id)


@routes.post("/users/{user_id}/end-sessions", users.end_sessions)
def end_sessions(session: Session, actor: Actor, user_id: UUID) -> list[SessionOut]:
    users.end_sessions(session, actor, user_id)
    return queries.sessions_of(session, actor, user_id)
