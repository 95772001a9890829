"""Tables of attachments."""

from lattis_app.attachments.models.attachments import Attachment

__all__ = ["Attachment"]
