"""Notifications as they are listed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lattis_app.core.schemas import Filters, Out


class NotificationFilters(Filters):
    """Which notifications to list."""

    unread: bool | None = None


class NotificationOut(Out):
    """One message; `link` opens what it is about."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    tone: str
    status: str
    read_at: datetime | None
    created_at: datetime


class UnreadOut(Out):
    """How many messages wait."""

    unread: int


class MarkedOut(Out):
    """How many messages were marked."""

    marked: int
