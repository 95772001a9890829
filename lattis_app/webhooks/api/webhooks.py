"""Webhooks over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.web.routing import PageParams, Routes
from lattis_app.webhooks.queries import deliveries as delivery_queries
from lattis_app.webhooks.queries import webhooks as queries
from lattis_app.webhooks.schemas.webhooks import (
    DeliveryDetail,
    DeliveryFilters,
    DeliveryOut,
    EventTypesOut,
    RemovedOut,
    ReplayedOut,
    WebhookChanges,
    WebhookEntry,
    WebhookFilters,
    WebhookOut,
    WebhookWithSecret,
)
from lattis_app.webhooks.services import deliveries, webhooks

routes = Routes("Webhooks")


@routes.get("/webhooks", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[WebhookFilters, Query()], request: PageParams
) -> Page[WebhookOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/webhooks/event-types", queries.event_types)
def event_types(session: Session, actor: Actor) -> EventTypesOut:
    return queries.event_types(session, actor)


@routes.get("/webhooks/deliveries/{delivery_id}", delivery_queries.find)
def delivery(session: Session, actor: Actor, delivery_id: UUID) -> DeliveryDetail:
    return delivery_queries.find(session, actor, delivery_id)


@routes.post("/webhooks/deliveries/{delivery_id}/replay", deliveries.replay, status=202)
def replay(session: Session, actor: Actor, delivery_id: UUID) -> DeliveryDetail:
    deliveries.replay(session, actor, delivery_id)
    session.flush()
    return delivery_queries.find(session, actor, delivery_id)


@routes.post("/webhooks", webhooks.create, status=201)
def create(session: Session, actor: Actor, entry: WebhookEntry) -> WebhookWithSecret:
    made = webhooks.create(session, actor, entry)
    session.flush()
    return with_secret(session, actor, made.id, made.secret)


@routes.get("/webhooks/{webhook_id}", queries.find)
def find(session: Session, actor: Actor, webhook_id: UUID) -> WebhookOut:
    return queries.find(session, actor, webhook_id)


@routes.patch("/webhooks/{webhook_id}", webhooks.update)
def update(session: Session, actor: Actor, webhook_id: UUID, changes: WebhookChanges) -> WebhookOut:
    webhooks.update(session, actor, webhook_id, changes)
    session.flush()
    return queries.find(session, actor, webhook_id)


@routes.delete("/webhooks/{webhook_id}", webhooks.remove)
def remove(session: Session, actor: Actor, webhook_id: UUID) -> RemovedOut:
    webhooks.remove(session, actor, webhook_id)
    return RemovedOut(id=webhook_id)


@routes.post("/webhooks/{webhook_id}/renew-secret", webhooks.renew_secret)
def renew_secret(session: Session, actor: Actor, webhook_id: UUID) -> WebhookWithSecret:
    renewed = webhooks.renew_secret(session, actor, webhook_id)
    session.flush()
    return with_secret(session, actor, webhook_id, renewed.secret)


@routes.post("/webhooks/{webhook_id}/test", deliveries.test, status=202)
def test(session: Session, actor: Actor, webhook_id: UUID) -> DeliveryDetail:
    sent = deliveries.test(session, actor, webhook_id)
    session.flush()
    return delivery_queries.find(session, actor, sent.id)


@routes.get("/webhooks/{webhook_id}/deliveries", delivery_queries.page)
def log(
    session: Session,
    actor: Actor,
    webhook_id: UUID,
    filters: Annotated[DeliveryFilters, Query()],
    request: PageParams,
) -> Page[DeliveryOut]:
    return delivery_queries.page(session, actor, webhook_id, filters, request)


@routes.post("/webhooks/{webhook_id}/replay-failed", deliveries.replay_failed, status=202)
def replay_failed(session: Session, actor: Actor, webhook_id: UUID) -> ReplayedOut:
    return ReplayedOut(replayed=deliveries.replay_failed(session, actor, webhook_id))


def with_secret(session: Session, actor: Actor, webhook_id: UUID, secret: str) -> WebhookWithSecret:
    """A webhook as it is shown once."""
    return WebhookWithSecret(**queries.find(session, actor, webhook_id).model_dump(), secret=secret)
