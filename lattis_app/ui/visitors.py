"""What people who are not signed in leave in memory: nothing, soon after they close the page.

Reflex keeps the states of a closed tab for hours, so that its owner finds them again. Nobody owns a visitor's, and
whoever opens sockets in a loop must not fill the memory with them. Redis is given its own limit by its operator.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Container
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory

from lattis_app.ui.guard import NOBODY, UNKNOWN, Binding

logger = logging.getLogger(__name__)
SECONDS_BETWEEN = 20.0


async def forget_visitors(application: rx.App) -> None:
    """Forget visitors who have left, again and again, until the server stops."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        namespace, manager = application.event_namespace, application.state_manager
        if namespace is None or not isinstance(manager, StateManagerMemory):
            return
        try:
            forget(manager, namespace.token_to_sid)
        except Exception:
            logger.exception("visitors could not be forgotten")


def forget(manager: StateManagerMemory, connected: Container[str]) -> int:
    """Drop the states of closed tabs that belong to no session; answers how many tabs that were."""
    gone = [token for token, tree in manager.states.items() if token not in connected and _is_nobodys(tree)]
    for token in gone:
        manager._purge_token(rx.BaseStateToken(ident=token, cls=rx.State))
    return len(gone)


def _is_nobodys(tree: Any) -> bool:
    binding = tree.substates.get(Binding.get_name())
    return binding is None or binding._owner in (NOBODY, UNKNOWN)
