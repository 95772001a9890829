"""Notifications over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.notifications.queries import notifications as queries
from lattis_app.notifications.schemas.notifications import (
    MarkedOut,
    NotificationFilters,
    NotificationOut,
    UnreadOut,
)
from lattis_app.notifications.services import notifications
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Notifications")


@routes.get("/notifications", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[NotificationFilters, Query()], request: PageParams
) -> Page[NotificationOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/notifications/unread-count", queries.unread_count)
def unread_count(session: Session, actor: Actor) -> UnreadOut:
    return UnreadOut(unread=queries.unread_count(session, actor))


@routes.patch("/notifications/{notification_id}/read", notifications.mark_read)
def mark_read(session: Session, actor: Actor, notification_id: UUID) -> NotificationOut:
    notifications.mark_read(session, actor, notification_id)
    return queries.find(session, actor, notification_id)


@routes.post("/notifications/read-all", notifications.mark_all_read)
def mark_all_read(session: Session, actor: Actor) -> MarkedOut:
    return MarkedOut(marked=notifications.mark_all_read(session, actor))
