"""The real queue worker, run until nothing is left to do."""

import asyncio

from procrastinate import PsycopgConnector
from sqlalchemy import make_url, text

from lattis_app.core import db, queue


def work_off() -> None:
    """Do everything that is due in the queue, as a worker process would."""

    async def work() -> None:
        url = make_url(db.application_url()).set(drivername="postgresql")
        app = queue.build_app(PsycopgConnector(conninfo=url.render_as_string(hide_password=False)))
        async with app.open_async():
            await app.run_worker_async(
                wait=False, concurrency=2, install_signal_handlers=False, delete_jobs="successful"
            )

    asyncio.run(work())
    while _is_due():
        asyncio.run(work())


def _is_due() -> bool:
    """Whether work was asked for after the worker had looked for the last time."""
    due = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
    with db.unit_of_work() as session:
        return bool(session.scalar(text(due)))


def make_retries_due() -> None:
    """Let the back-off of every waiting retry be over."""
    with db.unit_of_work() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))


def waiting() -> int:
    """How many pieces of work are in the queue."""
    with db.unit_of_work() as session:
        return int(session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0)
