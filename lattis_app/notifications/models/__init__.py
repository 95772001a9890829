"""Tables of notifications."""

from lattis_app.notifications.models.notifications import Notification

__all__ = ["Notification"]
