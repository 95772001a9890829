"""The durable queue: work is deferred in the same transaction as the change that asks for it.

Procrastinate keeps it in the application's own PostgreSQL, so it commits, and rolls back, with the change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from procrastinate import App, RetryStrategy, SyncPsycopgConnector
from procrastinate.connector import BaseConnector
from sqlalchemy.orm import Session

RETRIES = RetryStrategy(max_attempts=12, exponential_wait=2)
OFFICE, OUTSIDE = "default", "outside"
"""Work on our own records, and work that waits for other people's servers: the one never waits for the other."""

_handlers: dict[str, Callable[..., None]] = {}
_queues: dict[str, str] = {}
_deferring = App(connector=SyncPsycopgConnector())


def task(name: str, queue: str = OFFICE) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Name a function that the queue may run later; it must be safe to run twice."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _handlers[name], _queues[name] = function, queue
        return function

    return register


def defer(
    session: Session, name: str, *, lock: str | None = None, after: timedelta | None = None, **arguments: Any
) -> None:
    """Ask for a task to run after this session commits, or some time `after`; nothing happens if it rolls back."""
    connection = session.connection().connection.driver_connection
    _deferring.configure_task(
        name,
        queue=_queues.get(name, OFFICE),
        lock=lock,
        schedule_in={"seconds": int(after.total_seconds())} if after else None,
        connection=connection,
    ).defer(**arguments)


def build_app(connector: BaseConnector) -> App:
    """The queue as a worker sees it: every named task, retried with back-off."""
    app = App(connector=connector)
    for name, function in _handlers.items():
        app.task(name=name, retry=RETRIES)(function)
    return app
