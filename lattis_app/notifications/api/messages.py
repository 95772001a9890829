"""The outbox over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.notifications.queries import messages as queries
from lattis_app.notifications.schemas.messages import MessageFilters, MessageOut, SentAgainOut
from lattis_app.notifications.services import messages
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Messages")


@routes.get("/messages", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[MessageFilters, Query()], request: PageParams
) -> Page[MessageOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/messages/{message_id}", queries.find)
def find(session: Session, actor: Actor, message_id: UUID) -> MessageOut:
    return queries.find(session, actor, message_id)


@routes.post("/messages/{message_id}/retry", messages.retry)
def retry(session: Session, actor: Actor, message_id: UUID) -> MessageOut:
    messages.retry(session, actor, message_id)
    session.flush()
    return queries.find(session, actor, message_id)


@routes.post("/messages/send-waiting", messages.send_waiting)
def send_waiting(session: Session, actor: Actor) -> SentAgainOut:
    return SentAgainOut(sent=messages.send_waiting(session, actor))
