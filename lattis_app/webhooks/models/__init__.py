"""Tables of webhooks."""

from lattis_app.webhooks.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery

__all__ = ["Webhook", "WebhookAttempt", "WebhookDelivery"]
