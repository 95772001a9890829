"""What a server does beside answering."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from lattis_app.core import clock, db, jobs, provisioning
from lattis_app.core.settings import WorkerMode, settings
from lattis_app.web import live


@asynccontextmanager
async def background_work() -> AsyncIterator[None]:
    """Jobs and events beside the pages, unless a process of their own does it; connections end with the server.

    The database comes from `make run`, or is prepared here where the server was started by `reflex run`.
    """
    with provisioning.prepared_database(settings(), db.metadata) as url:
        db.configure(url)
        clock.move_by(timedelta(days=settings().clock_offset_days))
        stop = asyncio.Event()
        worker = (
            asyncio.create_task(jobs.run_worker(stop)) if settings().worker is WorkerMode.INTERNAL else None
        )
        try:
            async with live.run():
                yield
        finally:
            stop.set()
            if worker is not None:
                await asyncio.gather(worker, return_exceptions=True)
            db.configure(None)
