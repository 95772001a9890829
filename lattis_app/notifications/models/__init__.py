"""Tables of notifications."""

from lattis_app.notifications.models.messages import Message
from lattis_app.notifications.models.notifications import Notification

__all__ = ["Message", "Notification"]
