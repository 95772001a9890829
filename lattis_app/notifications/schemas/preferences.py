"""Which notifications somebody gets by which channels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lattis_app.core.schemas import Entry, Out
from lattis_app.notifications.channels import Channel


class ChannelOut(Out):
    """A channel, whether messages can leave by it, and where they would reach one."""

    channel: Channel
    configured: bool
    address: str | None


class KindOut(Out):
    """A kind of notification and the channels it comes by; `chosen` once one has chosen them."""

    kind: str
    title: str
    channels: list[Channel]
    chosen: bool


class PreferencesOut(Out):
    """How one is told of what."""

    channels: list[ChannelOut]
    kinds: list[KindOut]


class PreferencesEntry(Entry):
    """The channels by kind; none at all silences a kind, null goes back to the usual ones."""

    kinds: Annotated[dict[str, list[Channel] | None], Field(min_length=1, max_length=100)]
