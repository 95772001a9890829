"""What leaves the application for somebody: the outbox of e-mails, SMS and WhatsApp messages."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from lattis_app.core.db import Record
from lattis_app.notifications.channels import OUTSIDE
from lattis_app.notifications.statuses import MessageState

CHANNELS = ", ".join(f"'{channel}'" for channel in OUTSIDE)
STATES = ", ".join(f"'{state}'" for state in MessageState)


class Message(Record, table=True):
    """One message to one address by one channel; a `cause` reaches an address once.

    `prints` names what is printed and enclosed when it leaves. `claimed_until` is set while a worker talks to the server: what it left unsaid when it died may have arrived.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(f"channel IN ({CHANNELS})", name="channel"),
        CheckConstraint(f"state IN ({STATES})", name="state"),
        Index(
            "uq_messages_cause",
            "cause",
            "channel",
            "address",
            unique=True,
            postgresql_where=text("cause IS NOT NULL"),
        ),
        Index("ix_messages_created_at", "created_at", "id"),
        Index("ix_messages_state", "state", "created_at", "id"),
        Index("ix_messages_channel", "channel", "created_at", "id"),
        Index("ix_messages_address", "address", postgresql_ops={"address": "text_pattern_ops"}),
        Index("ix_messages_user_id", "user_id"),
    )
    audited: ClassVar[bool] = False
    labelled_by: ClassVar[tuple[str, ...]] = ("subject",)

    channel: str = Field(max_length=10)
    address: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    kind: str = Field(max_length=60)
    subject: str = Field(max_length=200)
    body: str = Field(sa_type=Text)
    link: str = Field(default="", max_length=300)
    cause: str | None = Field(default=None, max_length=120)
    prints: str = Field(default="", max_length=120)
    state: str = Field(default=MessageState.WAITING, max_length=16)
    attempts: int = 0
    error: str = Field(default="", max_length=500)
    claimed_until: datetime | None = None
    next_attempt_at: datetime | None = None
    of_use_until: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str = Field(default="", max_length=200)
