"""Reminders to collect bins, over REST; an order's own are made at `/delivery-orders/:id/collection-reminder`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import collection_reminders as queries
from lattis_app.rental.schemas.delivery_orders import ReminderFilters, ReminderRow
from lattis_app.rental.services import collection_reminders
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Collection reminders")


@routes.get("/collection-reminders", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[ReminderFilters, Query()], request: PageParams
) -> Page[ReminderRow]:
    return queries.page(session, actor, filters, request)


@routes.get("/collection-reminders/{reminder_id}", queries.find)
def find(session: Session, actor: Actor, reminder_id: UUID) -> ReminderRow:
    return queries.find(session, actor, reminder_id)


@routes.post("/collection-reminders/{reminder_id}/cancel", collection_reminders.cancel, idempotent=True)
def cancel(session: Session, actor: Actor, reminder_id: UUID) -> ReminderRow:
    collection_reminders.cancel(session, actor, reminder_id)
    session.flush()
    return queries.find(session, actor, reminder_id)


@routes.post("/collection-reminders/{reminder_id}/send", collection_reminders.send_now, idempotent=True)
def send(session: Session, actor: Actor, reminder_id: UUID) -> ReminderRow:
    collection_reminders.send_now(session, actor, reminder_id)
    session.flush()
    return queries.find(session, actor, reminder_id)
