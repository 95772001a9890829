"""Finding webhooks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.names import EventName
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.webhooks.models import Webhook
from lattis_app.webhooks.schemas.webhooks import EventTypesOut, WebhookFilters, WebhookOut

W = columns(Webhook)
SHOWN: Select[Any] = select(
    W.id,
    W.url,
    W.description,
    W.event_types,
    W.active,
    case((~W.active, "off"), (W.failing_since.is_not(None), "failing"), else_="active").label("status"),
    W.failing_since,
    W.switched_off_at,
    W.created_at,
    W.updated_at,
)


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def page(session: Session, actor: Actor, filters: WebhookFilters, request: PageRequest) -> Page[WebhookOut]:
    """List webhooks, the latest first. Sorts: created_at, url."""
    statement = SHOWN if filters.active is None else SHOWN.where(W.active == filters.active)
    if filters.q:
        found = (column.icontains(filters.q, autoescape=True) for column in (W.url, W.description))
        statement = statement.where(or_(*found))
    sorts = {"created_at": W.created_at, "url": W.url}
    ordered = sorted_by(statement, request.sort, sorts, "-created_at", W.id)
    return paginate(session, ordered, request).map(lambda row: WebhookOut(**row._mapping))


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def find(session: Session, actor: Actor, webhook_id: UUID) -> WebhookOut:
    """One webhook, or NotFound. Its secret is never told again."""
    row = session.execute(SHOWN.where(W.id == webhook_id)).one_or_none()
    if row is None:
        raise NotFound.record("Webhook", webhook_id)
    return WebhookOut(**row._mapping)


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def event_types(session: Session, actor: Actor) -> EventTypesOut:
    """The events that a webhook can ask for."""
    return EventTypesOut(event_types=list(EventName))


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def failing(session: Session, actor: Actor) -> int:
    """How many webhooks do not get through."""
    unwell = (W.active & W.failing_since.is_not(None)) | W.switched_off_at.is_not(None)
    return session.execute(select(func.count()).where(unwell)).scalar_one()
