"""What needs somebody, told by every domain to the dashboard.

The seam: `tell_with(find)` registers one function `find(session, actor) -> Sequence[Need]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

from lattis_app.core.actors import Actor


class Need(TypedDict):
    """One thing that waits: what kind of thing, which ones, why, and the way to them."""

    tone: str
    word: str
    title: str
    text: str
    href: str


Find = Callable[[Any, Actor], Sequence[Need]]
_finders: list[Find] = []


def tell_with(find: Find) -> None:
    """Register what a domain tells; those of several stand under each other in the order of registration."""
    _finders.append(find)


def of(session: Any, actor: Actor) -> list[Need]:
    """All that waits for this actor."""
    return [need for find in _finders for need in find(session, actor)]
