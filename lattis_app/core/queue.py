"""The durable queue: work is deferred in the same transaction as the change that asks for it.

Procrastinate keeps it in the application's own PostgreSQL, so it commits, and rolls back, with the change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from procrastinate import App, RetryStrategy, SyncPsycopgConnector
from procrastinate.connector import BaseConnector
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.orm import Session

from lattis_app.core import writing

RETRIES = RetryStrategy(max_attempts=12, exponential_wait=2)
OFFICE, OUTSIDE = "default", "outside"
"""Work on our own records, and work that waits for other people's servers: the one never waits for the other."""

WAITING = """
SELECT id FROM procrastinate_jobs
WHERE task_name = :task AND status = 'todo' AND attempts = 0 AND scheduled_at IS NULL AND lock IS NULL
"""
"""Jobs of one task that wait for their first attempt."""
TAKE = f"""
DELETE FROM procrastinate_jobs WHERE id IN (
    {WAITING} ORDER BY priority DESC, id LIMIT :jobs FOR UPDATE SKIP LOCKED)
RETURNING id, args
"""  # noqa: S608 - a statement of our own
"""Takes the first of them, and ends them with this transaction."""
_JOBS = Table("procrastinate_jobs", MetaData(), *map(Column, ("queue_name", "task_name", "args")))
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


def defer_with_commit(session: Session, name: str, **arguments: Any) -> None:
    """Ask for a task as the session commits: what it still has to write carries the job along."""
    if session.new or session.dirty:
        job = {"queue_name": _queues.get(name, OFFICE), "task_name": name, "args": arguments}
        writing.add_plain(session, _JOBS, job)
    else:
        defer(session, name, **arguments)


def build_app(connector: BaseConnector) -> App:
    """The queue as a worker sees it: every named task, retried with back-off."""
    app = App(connector=connector)
    for name, function in _handlers.items():
        app.task(name=name, retry=RETRIES)(function)
    return app
