"""The composition root: pages, API, guard and background work become one application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import reflex as rx

from lattis_app import models, registry  # noqa: F401 — every table registers itself
from lattis_app.core import clock, db, jobs, provisioning
from lattis_app.core.logging import configure_logging
from lattis_app.core.settings import WorkerMode, settings
from lattis_app.ui.app import app_options
from lattis_app.ui.errors import not_found
from lattis_app.ui.guard import Guard
from lattis_app.ui.pages import add_pages
from lattis_app.ui.problems import mask_quoted_events, on_backend_error, on_frontend_error
from lattis_app.ui.sockets import refuse_forged_greetings
from lattis_app.ui.visitors import forget_visitors
from lattis_app.web import browser_sessions, live, words
from lattis_app.web.app import create_api
from lattis_app.web.security import secured


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


def build() -> rx.App:
    """The application, with everything the domains hand over."""
    configure_logging()
    mask_quoted_events()
    registry.register_work()
    registry.modules("pages")
    api = create_api([browser_sessions.router, words.router, *registry.routers()])
    application = rx.App(
        **app_options(),
        api_transformer=[api, secured(settings())],
        backend_exception_handler=on_backend_error,
        frontend_exception_handler=on_frontend_error,
    )
    application.add_middleware(Guard())
    refuse_forged_greetings(application)
    add_pages(application)
    application.add_page(not_found, route="404", title="Not found · Lattis")
    application.register_lifespan_task(background_work)
    application.register_lifespan_task(forget_visitors, application=application)
    return application


app = build()
