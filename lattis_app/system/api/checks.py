"""The page behind the check link on documents, for whoever holds the paper."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from lattis_app.core import check_page, context, language, limits
from lattis_app.core.db import reading
from lattis_app.core.errors import NotFound, RateLimited
from lattis_app.system.queries import checks
from lattis_app.web.words import browsers_language

CHECKS_PER_MINUTE = 30
HEADERS = {
    "Content-Security-Policy": check_page.POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

routes = APIRouter(include_in_schema=False)


@routes.get("/check/{token}")
def check(token: str, request: Request) -> HTMLResponse:
    """How the document with this link stands; the same answer for every link of none."""
    language.speak(browsers_language(request))
    visit = context.current()
    try:
        limits.hit("document checks", visit.address if visit else "", CHECKS_PER_MINUTE)
        with reading() as session:
            page, status = check_page.render(checks.find(session, token)), 200
    except NotFound:
        page, status = check_page.render_unknown(), 404
    except RateLimited as refused:
        wait = refused.retry_after
        return HTMLResponse(check_page.render_too_many(wait), 429, HEADERS | {"Retry-After": str(wait)})
    return HTMLResponse(page, status, HEADERS)
