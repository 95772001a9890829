"""Webhooks, their log and one delivery as the page shows them; and the form read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from lattis_app.core.language import say
from lattis_app.core.names import EventName
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.form_state import Draft
from lattis_app.webhooks.schemas.webhooks import AttemptOut, DeliveryDetail, DeliveryOut, WebhookOut

TONES = {"active": "ok", "failing": "warn", "off": "neutral"}
DELIVERY_TONES = {"waiting": "info", "delivered": "ok", "failed": "bad"}
EVENT = "event/"
"""Beginning of the names of the fields that choose events."""


class WebhookDraft(Draft):
    """A form whose ticked boxes are the events; empty fields count."""

    def parse(self) -> BaseModel:
        """The webhook that was typed."""
        chosen = [str(name).removeprefix(EVENT) for name in self.form if str(name).startswith(EVENT)]
        typed = {name: self.form.get(name) or "" for name in ("url", "description")}
        return self.schema.model_validate({**typed, "event_types": chosen})


def has_events(form: Mapping[str, Any]) -> bool:
    """Whether any event is ticked."""
    return any(str(name).startswith(EVENT) for name in form)


GROUP_LABELS = {
    "booking": "Bookings",
    "do": "Delivery orders",
    "invoice": "Invoices",
    "payment": "Payments",
    "commission": "Commissions",
    "refund": "Refunds",
    "reminder": "Reminders",
}


def event_groups() -> list[tuple[str, list[str]]]:
    """The events to choose from, by what they happen to."""
    groups: dict[str, list[str]] = {}
    for name in EventName:
        what = name.partition(".")[0]
        groups.setdefault(GROUP_LABELS.get(what, what.capitalize()), []).append(str(name))
    return list(groups.items())


def starting_values(webhook: WebhookOut) -> dict[str, str]:
    """A webhook as its form holds it."""
    ticked = {f"{EVENT}{name}": "true" for name in webhook.event_types}
    return {"url": webhook.url, "description": webhook.description, **ticked}


def webhook_row(webhook: WebhookOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    count = len(webhook.event_types)
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "description": webhook.description,
        "status": words(webhook.status),
        "status_tone": TONES[webhook.status],
        "events": say("1 event") if count == 1 else say("{count} events", count=count),
        "event_names": ", ".join(webhook.event_types),
        "failing_since": moments.moment(webhook.failing_since) if webhook.failing_since else "",
        "switched_off": moments.moment(webhook.switched_off_at) if webhook.switched_off_at else "",
        "created_at": moments.moment(webhook.created_at),
        "active": "true" if webhook.active else "",
    }


def delivery_row(delivery: DeliveryOut) -> dict[str, str]:
    """One line of the log."""
    return {
        "id": str(delivery.id),
        "event": delivery.event,
        "status": words(delivery.status),
        "status_tone": DELIVERY_TONES[delivery.status],
        "when": moments.moment(delivery.created_at),
        "how": _how(delivery),
        "next": moments.moment(delivery.next_attempt_at) if delivery.next_attempt_at else "",
    }


def _how(delivery: DeliveryOut) -> str:
    parts = [f"HTTP {delivery.status_code}" if delivery.status_code else ""]
    if delivery.attempts > 1:
        parts.append(say("{count} attempts", count=delivery.attempts))
    return " · ".join(filter(None, parts))


def opened_delivery(delivery: DeliveryDetail) -> dict[str, str]:
    """One delivery with what was sent, laid out to be read."""
    return delivery_row(delivery) | {"body": _laid_out(delivery.body)}


def attempt_row(attempt: AttemptOut) -> dict[str, str]:
    """One request and what came back."""
    got = f"HTTP {attempt.status_code}" if attempt.status_code else say("No answer")
    taken = attempt.status_code is not None and not attempt.error
    return {
        "when": moments.moment(attempt.attempted_at),
        "got": got,
        "tone": "ok" if taken else "bad",
        "took": f"{attempt.duration_ms} ms",
        "error": "" if attempt.error.startswith("HTTP ") else attempt.error,
        "response": attempt.response,
    }


def _laid_out(body: str | None) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2) if body else ""
