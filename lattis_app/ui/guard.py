"""Deny by default: what runs before every event of every client.

Reflex dispatches events by name to whoever sends them, and keeps one tree of states per tab. So an event passes
only if its handler carries our mark (`ui/handlers.py`) and somebody is signed in, or the handler is public. And a
tree that belonged to another session, or to one that has ended, is emptied before anything of it is shown.
"""

from __future__ import annotations

import logging
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.state import StateUpdate
from reflex_base.registry import RegistrationContext

from lattis_app.core import language
from lattis_app.core.errors import Unauthorized
from lattis_app.ui.handlers import MARK, PUBLIC, actor_of, admit, cookie_of, leave_for_sign_in

logger = logging.getLogger(__name__)

_ROOT = "reflex___state____state"
_ON_LOAD = f"{_ROOT}.reflex___state____on_load_internal_state"
HYDRATION = frozenset({f"{_ROOT}.hydrate", f"{_ROOT}.hydrate_and_load"})
"""What a client sends when it connects; answered with all states of its tree."""
INTERNAL = HYDRATION | {
    f"{_ROOT}.set_is_hydrated",
    f"{_ROOT}.update_vars_internal",
    f"{_ON_LOAD}.on_load_internal",
    f"{_ON_LOAD}.set_is_hydrated",
    f"{_ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
}
"""Reflex's own events that its client cannot do without; none reads or changes anything of ours."""
NOBODY, UNKNOWN = "nobody", "unknown"


class Binding(rx.State):
    """Which session a client's tree of states belongs to."""

    _owner: str = UNKNOWN


class Guard(rx.Middleware):
    """Lets an event through, or answers it."""

    async def preprocess(self, app: Any, state: Any, event: Event) -> StateUpdate | None:
        """Refuse what is not marked, what needs somebody signed in, and what belongs to another session."""
        admit("")
        owner = await _owner_of(state)
        binding = await state.get_state(Binding)
        if binding._owner != owner:
            if binding._owner != UNKNOWN:
                if event.name not in HYDRATION:
                    return _stop(leave_for_sign_in(state) if owner == NOBODY else _reload())
                state.reset()
            binding._owner = owner
        if event.name in INTERNAL:
            return None
        access = _access_to(event.name)
        if access == PUBLIC:
            return None
        if owner == NOBODY:
            return _stop(leave_for_sign_in(state))
        if access is None:
            logger.warning("refused an event that is no handler of ours: %s", event.name)
            return _stop([])
        admit(cookie_of(state))
        return None


async def _owner_of(state: Any) -> str:
    try:
        actor = await actor_of(state)
    except Unauthorized:
        return NOBODY
    language.speak(actor.language)
    return str(actor.session_id)


def _access_to(name: str) -> str | None:
    registered = RegistrationContext.get().event_handlers.get(name)
    return getattr(registered.handler.fn, MARK, None) if registered else None


def _reload() -> rx.event.EventSpec:
    return rx.call_script("window.location.reload()")


def _stop(answer: Any) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(answer))
