"""The bell in the frame: how many messages wait, and the latest of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say, translate
from lattis_app.core.pagination import PageRequest
from lattis_app.notifications.queries import notifications
from lattis_app.notifications.schemas.notifications import NotificationFilters
from lattis_app.ui import moments
from lattis_app.ui.frame_facts import Alert, sources

SHOWN = PageRequest(limit=8)


def bell(session: Any, actor: Actor) -> tuple[int, Sequence[Alert]]:
    """How many messages wait for the actor, and the latest ones, ready for display."""
    latest = notifications.page(session, actor, NotificationFilters(), SHOWN).rows
    alerts = [
        Alert(
            translate(row.title),
            translate(row.body),
            ago(row.created_at),
            row.link,
            is_unread=row.read_at is None,
        )
        for row in latest
    ]
    return notifications.unread_count(session, actor), alerts


def ago(moment: datetime) -> str:
    """How long ago, as people say it; after a day the business date."""
    passed = clock.now() - moment
    if passed < timedelta(minutes=1):
        return say("just now")
    if passed < timedelta(hours=1):
        return say("{count} min ago", count=passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return say("{count} h ago", count=passed // timedelta(hours=1))
    return moments.day(moment)


sources.bell = bell
