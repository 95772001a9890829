"""Webhooks as they are typed, changed and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from lattis_app.core.names import EventName
from lattis_app.core.schemas import CLEAN, Changes, Entry, Filters, Out, ShortText
from lattis_app.webhooks.statuses import DeliveryState


def _each_once(names: list[EventName]) -> list[EventName]:
    return sorted(set(names))


Url = Annotated[str, Field(min_length=1, max_length=500), CLEAN]
EventTypes = Annotated[list[EventName], Field(min_length=1, max_length=100), AfterValidator(_each_once)]


class WebhookEntry(Entry):
    """A server that wants to hear of some events."""

    url: Url
    description: ShortText = ""
    event_types: EventTypes
    active: bool = True


class WebhookChanges(Changes):
    """What to change about a webhook. Switching it on again forgets its failures."""

    clearable = {"description": ""}

    url: Url | None = None
    description: ShortText | None = None
    event_types: EventTypes | None = None
    active: bool | None = None


class WebhookFilters(Filters):
    """Which webhooks to list. `q` finds words of address and description."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    active: bool | None = None


class WebhookOut(Out):
    """A webhook; `status` is active, failing or off."""

    id: UUID
    url: str
    description: str
    event_types: list[str]
    active: bool
    status: str
    failing_since: datetime | None
    switched_off_at: datetime | None
    created_at: datetime
    updated_at: datetime


class WebhookWithSecret(WebhookOut):
    """A webhook and the secret that signs for it, shown this once."""

    secret: str


class EventTypesOut(Out):
    """The events to choose from."""

    event_types: list[str]


class RemovedOut(Out):
    """What is gone."""

    id: UUID


class DeliveryFilters(Filters):
    """Which deliveries to list."""

    status: DeliveryState | None = None
    event: EventName | None = None


class DeliveryOut(Out):
    """One event for one webhook, and how far it is; `status_code` is the latest answer's."""

    id: UUID
    webhook_id: UUID
    event_id: UUID | None
    event: str
    status: str
    attempts: int
    status_code: int | None
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime


class AttemptOut(Out):
    """One request and what came back."""

    attempted_at: datetime
    status_code: int | None
    response: str
    error: str
    duration_ms: int


class DeliveryDetail(DeliveryOut):
    """A delivery with what was sent and every attempt, the latest first."""

    body: str | None
    tried: list[AttemptOut]


class ReplayedOut(Out):
    """How many deliveries are sent again."""

    replayed: int
