"""Saved views of lists. The kit draws and applies them; whoever keeps them registers a store."""

from __future__ import annotations

from typing import Any, Protocol

from lattis_app.core.actors import Actor
from lattis_app.ui.list_requests import View


class ViewStore(Protocol):
    """Where people's own views are kept, by list."""

    def saved(self, session: Any, actor: Actor, list_key: str) -> list[tuple[str, str]]:
        """The actor's own views of a list as (name, query)."""

    def save(self, session: Any, actor: Actor, list_key: str, name: str, query: str) -> None:
        """Keep a view under a name; the same name is replaced."""

    def remove(self, session: Any, actor: Actor, list_key: str, name: str) -> None:
        """Forget a view."""


_stores: list[ViewStore] = []


def keep_views_in(store: ViewStore) -> None:
    """Register the store; without one, only the views a page defines are offered."""
    _stores[:] = [store]


def can_save() -> bool:
    """Whether people can keep views of their own."""
    return bool(_stores)


def saved_views(session: Any, actor: Actor, list_key: str) -> list[View]:
    """The actor's own views of a list."""
    own = _stores[0].saved(session, actor, list_key) if _stores else []
    return [View(name=name, query=query, mine="true") for name, query in own]


def save_view(session: Any, actor: Actor, list_key: str, name: str, query: str) -> None:
    """Keep the current criteria of a list under a name."""
    if _stores:
        _stores[0].save(session, actor, list_key, name, query)


def remove_view(session: Any, actor: Actor, list_key: str, name: str) -> None:
    """Forget a view."""
    if _stores:
        _stores[0].remove(session, actor, list_key, name)
