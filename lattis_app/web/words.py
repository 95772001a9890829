"""The reader's language for a browser: its words, and choosing another."""

from __future__ import annotations

import gzip
import hashlib
import json
from contextlib import suppress
from functools import cache
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lattis_app.core import language
from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import Forbidden, ServiceUnavailable, Unauthorized
from lattis_app.core.settings import settings
from lattis_app.identity.cookies import SESSION_COOKIE
from lattis_app.identity.queries import actors
from lattis_app.identity.schemas.sessions import ProfileEntry
from lattis_app.identity.services import profiles
from lattis_app.identity.tokens import is_csrf_token
from lattis_app.web import unreachable

LANGUAGE_COOKIE = "lattis_language"
CHOSEN_COOKIE = "lattis_language_chosen"
"""What somebody chose before signing in; it becomes their own language when they do."""
A_YEAR, AN_HOUR = 365 * 24 * 3600, 3600

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form()]


@router.get("/words.js")
def words(request: Request) -> Response:
    """The words of the reader's language as a script: the signed-in person's, else the browser's."""
    code = _language_of(request)
    script, tag = _script(code)
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Accept-Language, Accept-Encoding",
    }
    if request.headers.get("if-none-match") == tag:
        answer = Response(status_code=304, headers=headers)
    elif "gzip" in request.headers.get("accept-encoding", ""):
        answer = Response(
            script, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"}
        )
    else:
        answer = Response(gzip.decompress(script), media_type="text/javascript", headers=headers)
    if request.cookies.get(LANGUAGE_COOKIE) != code:
        _remember(answer, code)
    return answer


@router.post("/auth/language")
def choose(
    request: Request, code: Annotated[Literal["en", "ms", "ar"], Form()], csrf: Field = ""
) -> Response:
    """Read on in another language; it is kept with the person who is signed in, and in the browser."""
    answer = RedirectResponse(_page_before(request), 303)
    _remember(answer, code)
    try:
        with unit_of_work() as session:
            actor = actors.by_cookie(session, request.cookies.get(SESSION_COOKIE, ""))
            if actor.session_id is None or not is_csrf_token(actor.session_id, csrf):
                raise Forbidden(
                    "The form has expired; reload the page", field="csrf", reason="missing or wrong"
                )
            profiles.update(session, actor, ProfileEntry(language=code))
    except Unauthorized:
        _remember(answer, code, CHOSEN_COOKIE, AN_HOUR)
    return answer


def keep_choice(request: Request, answer: Response, cookie: str) -> None:
    """What was chosen at sign-in stays the language of who has signed in with this session cookie."""
    chosen = request.cookies.get(CHOSEN_COOKIE, "")
    if chosen in language.LANGUAGES:
        with suppress(Forbidden), unit_of_work() as session:
            profiles.update(session, actors.by_cookie(session, cookie), ProfileEntry(language=chosen))
        answer.delete_cookie(CHOSEN_COOKIE, path="/", httponly=True, samesite="lax")


def _language_of(request: Request) -> str:
    with suppress(Unauthorized, ServiceUnavailable), unreachable.refusing(), unit_of_work() as session:
        return actors.by_cookie(session, request.cookies.get(SESSION_COOKIE, "")).language
    return browsers_language(request)


def browsers_language(request: Request) -> str:
    """The language this browser remembers, else the first of ours that it accepts."""
    remembered = request.cookies.get(LANGUAGE_COOKIE, "")
    return (
        remembered
        if remembered in language.LANGUAGES
        else language.preferred(request.headers.get("accept-language", ""))
    )


@cache
def _script(code: str) -> tuple[bytes, str]:
    facts = json.dumps({"code": code, "direction": language.direction(code)})
    script = f"globalThis.lattisLanguage = {facts};\n"
    if known := language.catalog(code):
        script += f"globalThis.lattisWords = {json.dumps(dict(known), ensure_ascii=False)};\n"
    packed = gzip.compress(script.encode(), mtime=0)
    return packed, f'W/"{hashlib.sha256(packed).hexdigest()[:20]}"'


def _remember(answer: Response, code: str, name: str = LANGUAGE_COOKIE, seconds: int = A_YEAR) -> None:
    secure = settings().url.startswith("https:")
    answer.set_cookie(name, code, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)


def _page_before(request: Request) -> str:
    page = urlsplit(request.headers.get("referer", ""))
    if (
        page.netloc != request.headers.get("host")
        or not page.path.startswith("/")
        or page.path.startswith("//")
    ):
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path
