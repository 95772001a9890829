"""The ways to reach somebody outside the application, and what may go wrong on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lattis_app.core.settings import settings


class Channel(StrEnum):
    """How somebody learns of something."""

    IN_APP = "in_app"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


OUTSIDE = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)
LABELS = {
    Channel.IN_APP: "In the app",
    Channel.EMAIL: "E-mail",
    Channel.SMS: "SMS",
    Channel.WHATSAPP: "WhatsApp",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with an e-mail."""

    file_name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way; its id stays the same however often it is tried."""

    id: UUID
    channel: Channel
    address: str
    name: str
    subject: str
    body: str
    enclosures: tuple[Enclosure, ...] = ()


class NotConfigured(Exception):
    """The settings say nothing about this channel."""


class Rejected(Exception):
    """The message will never get through; trying again makes no sense."""


class Unreachable(Exception):
    """It did not work now; it may later."""


def is_configured(channel: Channel) -> bool:
    """Whether messages of this channel can leave."""
    known = settings()
    if channel is Channel.IN_APP:
        return True
    if channel is Channel.EMAIL:
        return known.smtp_host is not None
    sender = known.twilio_sms_from if channel is Channel.SMS else known.twilio_whatsapp_from
    return None not in (known.twilio_account_sid, known.twilio_auth_token, sender)
