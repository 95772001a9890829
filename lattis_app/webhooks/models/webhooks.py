"""Webhooks, what they were sent, and each attempt. A trigger on `events` adds the deliveries (migration 0012)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Text, text
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.db import Record
from lattis_app.webhooks.statuses import DeliveryState

STATES = ", ".join(f"'{state}'" for state in DeliveryState)


class Webhook(Record, table=True):
    """Somebody's server that wants to hear of some events. There are few: services keep their number small."""

    __tablename__ = "webhooks"
    labelled_by: ClassVar[tuple[str, ...]] = ("url",)
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"failing_since"})

    url: str = Field(max_length=500)
    description: str = Field(default="", max_length=120)
    event_types: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    secret: str = Field(max_length=100)
    active: bool = True
    failing_since: datetime | None = None
    switched_off_at: datetime | None = None


class WebhookDelivery(Record, table=True):
    """One event for one webhook; its id is the `webhook-id` of every attempt."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        Index(
            "uq_webhook_deliveries_event",
            "event_id",
            "webhook_id",
            unique=True,
            postgresql_where=text("event_id IS NOT NULL"),
        ),
        Index("ix_webhook_deliveries_webhook_id", "webhook_id", "created_at", "id"),
        Index("ix_webhook_deliveries_state", "webhook_id", "state", "created_at", "id"),
        Index("ix_webhook_deliveries_event", "webhook_id", "event", "created_at", "id"),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )
    audited: ClassVar[bool] = False

    webhook_id: UUID = Field(foreign_key="webhooks.id", ondelete="CASCADE")
    event_id: UUID | None = None
    event: str = Field(max_length=60)
    body: str | None = Field(default=None, sa_type=Text)
    state: str = Field(default=DeliveryState.WAITING, max_length=10)
    attempts: int = 0
    status_code: int | None = None
    next_attempt_at: datetime | None = None
    delivered_at: datetime | None = None


class WebhookAttempt(Record, table=True):
    """One request and what came back."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("ix_webhook_attempts_delivery_id", "delivery_id", "attempted_at"),)
    audited: ClassVar[bool] = False

    delivery_id: UUID = Field(foreign_key="webhook_deliveries.id", ondelete="CASCADE")
    attempted_at: datetime = Field(default_factory=clock.now)
    status_code: int | None = None
    response: str = Field(default="", max_length=1000)
    error: str = Field(default="", max_length=500)
    duration_ms: int = 0
