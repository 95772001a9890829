"""The log of what webhooks were sent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.webhooks.models import WebhookAttempt, WebhookDelivery
from lattis_app.webhooks.queries import webhooks
from lattis_app.webhooks.schemas.webhooks import AttemptOut, DeliveryDetail, DeliveryFilters, DeliveryOut

A, D = columns(WebhookAttempt), columns(WebhookDelivery)
MOST_ATTEMPTS = 50
SHOWN = select(
    D.id,
    D.webhook_id,
    D.event_id,
    D.event,
    D.state.label("status"),
    D.attempts,
    D.status_code,
    D.next_attempt_at,
    D.delivered_at,
    D.created_at,
)


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def page(
    session: Session, actor: Actor, webhook_id: UUID, filters: DeliveryFilters, request: PageRequest
) -> Page[DeliveryOut]:
    """List what a webhook was sent, the latest first. Sorts: created_at."""
    statement = SHOWN.where(D.webhook_id == webhook_id)
    if filters.status:
        statement = statement.where(D.state == filters.status)
    if filters.event:
        statement = statement.where(D.event == filters.event)
    ordered = sorted_by(statement, request.sort, {"created_at": D.created_at}, "-created_at", D.id)
    found = paginate(session, ordered, request)
    if not found.total:
        webhooks.find(session, actor, webhook_id)
    return found.map(lambda row: DeliveryOut(**row._mapping))


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def find(session: Session, actor: Actor, delivery_id: UUID) -> DeliveryDetail:
    """One delivery with its body and its latest attempts, or NotFound."""
    row = session.execute(SHOWN.add_columns(D.body).where(D.id == delivery_id)).one_or_none()
    if row is None:
        raise NotFound.record("Webhook delivery", delivery_id)
    tried = (
        select(A.attempted_at, A.status_code, A.response, A.error, A.duration_ms)
        .where(A.delivery_id == delivery_id)
        .order_by(A.attempted_at.desc(), A.id)
        .limit(MOST_ATTEMPTS)
    )
    attempts = [AttemptOut(**attempt._mapping) for attempt in session.execute(tried)]
    return DeliveryDetail(**row._mapping, tried=attempts)
