"""What only the server may say about a socket: that it came, with which request, and that it went.

python-socketio dispatches a client's event called `connect` to the method that greets new sockets, with whatever the
client sends in place of its request: an address, headers, and tokens of tabs that nobody would ever forget again.
"""

from __future__ import annotations

import logging
from typing import Any

import reflex as rx

logger = logging.getLogger(__name__)


def refuse_forged_greetings(application: rx.App) -> None:
    """Let nothing pass for the coming or going of a socket but the real one."""
    namespace = application.event_namespace
    if namespace is None:
        return
    dispatch = namespace.trigger_event

    async def trigger_event(event: Any, *args: Any) -> Any:
        if _is_forged(namespace, event, args):
            logger.warning("refused a %s that a client sent itself", event)
            return None
        return await dispatch(event, *args)

    namespace.trigger_event = trigger_event


def _is_forged(namespace: Any, event: Any, args: tuple[Any, ...]) -> bool:
    sid, *said = args
    match event:
        case "connect":
            return not said or said[0] is not namespace.server.get_environ(sid, namespace.namespace)
        case "disconnect":
            return bool(namespace.server.manager.is_connected(sid, namespace.namespace))
    return False
