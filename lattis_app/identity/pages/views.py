"""Lists keep their readers' own views with their accounts."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.identity.queries import saved_views as queries
from lattis_app.identity.services import saved_views
from lattis_app.ui.views import keep_views_in


class AccountViews:
    """The store that the interface kit asks."""

    def saved(self, session: Any, actor: Actor, list_key: str) -> list[tuple[str, str]]:
        """The actor's own views of a list as (name, query)."""
        return queries.saved(session, actor, list_key)

    def save(self, session: Any, actor: Actor, list_key: str, name: str, query: str) -> None:
        """Keep a view under a name; the same name is replaced."""
        saved_views.save(session, actor, list_key, name, query)

    def remove(self, session: Any, actor: Actor, list_key: str, name: str) -> None:
        """Forget a view."""
        saved_views.remove(session, actor, list_key, name)


keep_views_in(AccountViews())
