"""What the frame around every page shows of the actor and the business: counters, bell, name, permissions.

Domains register a counter per navigation item, notifications register the bell; one use case collects them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.identity.tokens import csrf_token

Counter = Callable[[Any, Actor], int | str]


@dataclass(frozen=True)
class Alert:
    """One line of the bell."""

    title: str
    text: str
    when: str
    href: str = ""
    is_unread: bool = False


@dataclass(frozen=True)
class FrameFacts:
    """Everything the frame shows, ready for display."""

    name: str
    role: str
    permissions: Sequence[str]
    counters: Mapping[str, str]
    unread: int = 0
    alerts: Sequence[Alert] = ()
    csrf: str = ""
    language: str = "en"
    business: str = "Lattis"


@dataclass
class Sources:
    """The functions that domains and supporting packages have registered."""

    counters: dict[str, tuple[str, Counter]] = field(default_factory=dict)
    bell: Callable[[Any, Actor], tuple[int, Sequence[Alert]]] | None = None
    business: Callable[[Any, Actor], str] | None = None


sources = Sources()


def register_counter(key: str, count: Counter, permission: str = "") -> None:
    """Let a navigation item show a live number, for actors who hold the permission."""
    sources.counters[key] = (permission, count)


def collect(session: Any, actor: Actor) -> FrameFacts:
    """Everything the frame shows to this actor; counters of other roles are not even asked."""
    counted = {
        key: str(number)
        for key, (permission, count) in sources.counters.items()
        if (not permission or actor.may(permission)) and (number := count(session, actor))
    }
    unread, alerts = sources.bell(session, actor) if sources.bell else (0, ())
    return replace(
        collect_actor(session, actor),
        counters=counted,
        unread=unread,
        alerts=alerts,
        business=sources.business(session, actor) if sources.business else "Lattis",
    )


def collect_actor(_session: Any, actor: Actor) -> FrameFacts:
    """What the frame can't do without: who is signed in, and where they may go."""
    return FrameFacts(
        name=actor.name,
        role=role_words(actor.role),
        permissions=sorted(actor.permissions),
        counters={},
        csrf=csrf_token(actor.session_id) if actor.session_id else "",
        language=actor.language,
    )


def role_words(role: str) -> str:
    """A role as people read it: `SALES_MANAGER` becomes `Sales manager`."""
    return say(role.replace("_", " ").capitalize())


def initials(name: str) -> str:
    """Up to two letters for the round badge: `Nurul Aina` becomes `NA`."""
    parts = [part for part in name.split() if part[0].isalpha()]
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [part[:2] for part in parts]
    return "".join(letters).upper() or "?"
