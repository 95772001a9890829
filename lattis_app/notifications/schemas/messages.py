"""The outbox as it is listed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, BusinessDate, Filters, Out
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.statuses import MessageState


class MessageFilters(Filters):
    """Which messages to list. `q` finds addresses by their beginning."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: MessageState | None = None
    channel: Channel | None = None
    from_: Annotated[BusinessDate | None, Field(alias="from")] = None
    to: BusinessDate | None = None


class MessageOut(Out):
    """One message to one address."""

    id: UUID
    channel: str
    address: str
    name: str
    kind: str
    subject: str
    body: str
    link: str
    status: str
    attempts: int
    error: str
    next_attempt_at: datetime | None
    sent_at: datetime | None
    created_at: datetime


class SentAgainOut(Out):
    """How many messages are sent again."""

    sent: int
