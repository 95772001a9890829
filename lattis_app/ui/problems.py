"""What becomes of an error that no handler answered: the log gets everything, the user a reference to it."""

from __future__ import annotations

import logging
from uuid import uuid4

from reflex.event import EventSpec

from lattis_app.core import context
from lattis_app.core.db import is_unreachable
from lattis_app.core.logging import MaskingFilter
from lattis_app.ui import toasts

logger = logging.getLogger(__name__)
QUOTES_EVENTS = (
    "reflex.app",
    "reflex_base.event.processor.base_state_processor",
    "reflex_base.event.processor.event_processor",
)
"""Loggers that quote whole events, cookies and typed passwords included."""


def mask_quoted_events() -> None:
    """Mask what Reflex logs of events before any handler sees it, also those that Reflex's own commands add."""
    for name in QUOTES_EVENTS:
        logging.getLogger(name).addFilter(MaskingFilter())


def on_backend_error(exception: Exception) -> EventSpec:
    """Log an error of the server and show its reference, never its text."""
    with context.serving(request_id=context.request_id() or uuid4().hex) as request:
        if is_unreachable(exception):
            logger.error("an event could not ask the database: %s", exception)
            return toasts.unreachable()
        logger.error("an event failed", exc_info=exception)
        return toasts.crashed(request.request_id)


def on_frontend_error(exception: Exception) -> None:
    """Log an error that a browser reports about itself; its text is the browser's, not ours."""
    logger.warning("a browser reports: %s", str(exception)[:2000])
