"""What people can be told of, and by which channels unless they chose others. Each domain declares its own."""

from __future__ import annotations

from dataclasses import dataclass

from lattis_app.identity.permissions import Permission
from lattis_app.notifications.channels import Channel


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification; whoever holds one of the permissions may get it."""

    name: str
    title: str
    audience: tuple[Permission, ...]
    channels: tuple[Channel, ...] = (Channel.IN_APP,)


KINDS: dict[str, Kind] = {}


def declare(*kinds: Kind) -> None:
    """Let people choose how they hear of these."""
    KINDS.update({kind.name: kind for kind in kinds})


def in_order() -> list[Kind]:
    """All kinds, as a reader looks for them."""
    return sorted(KINDS.values(), key=lambda kind: kind.title)


def usual_channels(name: str) -> tuple[Channel, ...]:
    """How somebody hears of a kind who has not chosen."""
    kind = KINDS.get(name)
    return kind.channels if kind else (Channel.IN_APP,)
