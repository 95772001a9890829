"""The composition root: pages, API, guard and background work become one application."""

from __future__ import annotations

import reflex as rx
from starlette.types import ASGIApp

from lattis_app import models, registry  # noqa: F401 — every table registers itself
from lattis_app.core.logging import configure_logging
from lattis_app.core.settings import settings
from lattis_app.ui.app import app_options
from lattis_app.ui.errors import not_found
from lattis_app.ui.guard import Guard
from lattis_app.ui.pages import add_pages
from lattis_app.ui.problems import mask_quoted_events, on_backend_error, on_frontend_error
from lattis_app.ui.sockets import refuse_forged_greetings
from lattis_app.ui.visitors import forget_visitors
from lattis_app.web import browser_sessions, words
from lattis_app.web.app import create_api
from lattis_app.web.background import background_work
from lattis_app.web.security import secured

configure_logging()
mask_quoted_events()
registry.register_work()
registry.modules("pages")
api = create_api([browser_sessions.router, words.router, *registry.routers()])
secure = secured(settings())


def _beside_pages(pages: ASGIApp) -> ASGIApp:
    api.mount("", pages)
    return api


def build() -> rx.App:
    """The application, with everything the domains hand over."""
    application = rx.App(
        **app_options(),
        api_transformer=[_beside_pages, secure],
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
