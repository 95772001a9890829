"""What callers are told while the database can't be reached: programs in their dialect, browsers as a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import HTMLResponse

from lattis_app.core.db import is_unreachable
from lattis_app.core.errors import ServiceUnavailable
from lattis_app.core.language import direction, say, spoken

logger = logging.getLogger(__name__)
DATABASE_ERRORS = (SQLAlchemyError, psycopg.Error)
RETRY_AFTER_SECONDS = 5
"""A database that restarts, or a moment of many requests, is over by then."""
STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 15px/1.5 Inter, system-ui, sans-serif; }
main { max-width: 26rem; padding: 2rem; text-align: center; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
p { margin: 0 0 1.25rem; opacity: .75; }
a { color: inherit; }
"""


@contextmanager
def refusing() -> Iterator[None]:
    """Let a database that can't be reached be a refusal: raises ServiceUnavailable."""
    try:
        yield
    except DATABASE_ERRORS as error:
        if not is_unreachable(error):
            raise
        raise unavailable(error) from error


def unavailable(error: Exception) -> ServiceUnavailable:
    """The refusal; the log learns why."""
    logger.error("the database can't be reached: %s", error)
    return ServiceUnavailable(
        "Lattis can't reach its database right now; try again in a moment", RETRY_AFTER_SECONDS
    )


def page() -> HTMLResponse:
    """The same for somebody who looks at it in a browser."""
    code, title = spoken(), say("Lattis can't reach its database right now")
    text, again = say("Nothing that was saved is lost. Try again in a moment."), say("Load again")
    body = f'<h1>{escape(title)}</h1><p>{escape(text)}</p><a href="">{escape(again)}</a>'
    return HTMLResponse(
        f'<!doctype html><html lang="{code}" dir="{direction(code)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>",
        503,
        {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"},
    )
