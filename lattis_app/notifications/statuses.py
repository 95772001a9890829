"""How far a message is. No business record: nobody moves it but the queue, and `retry`."""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    """`not_configured` waits for settings, `failed` for a person."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOT_CONFIGURED = "not_configured"


STUCK = (MessageState.FAILED, MessageState.NOT_CONFIGURED)
"""What somebody may send again."""
