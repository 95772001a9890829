"""Keeping webhooks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.audit import record_action
from lattis_app.core.db import advisory_lock, columns, find
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.identity.permissions import Permission, requires
from lattis_app.webhooks.addresses import NotAllowed, resolved
from lattis_app.webhooks.models import Webhook
from lattis_app.webhooks.rules import new_secret
from lattis_app.webhooks.schemas.webhooks import WebhookChanges, WebhookEntry

W = columns(Webhook)
MOST_WEBHOOKS = 20


class TooManyWebhooks(PreconditionFailed):
    """There are as many as there may be."""


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def create(session: Session, actor: Actor, entry: WebhookEntry) -> Webhook:
    """Send some events to a server from now on. Raises TooManyWebhooks, Invalid for where none may go."""
    _check(entry.url)
    advisory_lock(session, "webhooks")
    if session.execute(select(func.count()).select_from(Webhook)).scalar_one() >= MOST_WEBHOOKS:
        raise TooManyWebhooks(f"There can be at most {MOST_WEBHOOKS} webhooks; remove one first")
    webhook = Webhook(
        url=entry.url,
        description=entry.description,
        event_types=list(entry.event_types),
        active=entry.active,
        secret=new_secret(),
    )
    session.add(webhook)
    return webhook


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def update(session: Session, actor: Actor, webhook_id: UUID, changes: WebhookChanges) -> Webhook:
    """Change where a webhook goes, what it hears of, or switch it off or on; on forgets its failures."""
    given = changes.given()
    if "url" in given:
        find(session, Webhook, webhook_id)
        _check(given["url"])  # before the lock, which every event of the business would wait for
    webhook = find(session, Webhook, webhook_id, lock=True)
    if given.get("active"):
        webhook.failing_since = webhook.switched_off_at = None
    for name, value in given.items():
        setattr(webhook, name, list(value) if name == "event_types" else value)
    return webhook


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def renew_secret(session: Session, actor: Actor, webhook_id: UUID) -> Webhook:
    """Sign with a new secret from now on; the old one counts no more."""
    webhook = find(session, Webhook, webhook_id, lock=True)
    webhook.secret = new_secret()
    record_action(session, "webhooks", webhook.id, "secret renewed", label=webhook.url)
    return webhook


@requires(Permission.PLATFORM_WEBHOOKS_MANAGE)
def remove(session: Session, actor: Actor, webhook_id: UUID) -> None:
    """Forget a webhook and what it was sent."""
    session.delete(find(session, Webhook, webhook_id, lock=True))


def _check(url: str) -> None:
    try:
        resolved(url)
    except NotAllowed as refusal:
        raise Invalid.field("url", str(refusal)) from refusal
