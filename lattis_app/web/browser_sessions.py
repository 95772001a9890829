"""Signing in and out with a browser: native forms in, a cookie and a redirect out.

A full navigation is what makes Reflex open a new socket, which then carries the new cookie.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import (
    DomainError,
    Forbidden,
    Invalid,
    RateLimited,
    ServiceUnavailable,
    Unauthorized,
)
from lattis_app.core.schemas import parse
from lattis_app.core.settings import settings
from lattis_app.identity.attempts import count_attempt
from lattis_app.identity.cookies import SESSION_COOKIE
from lattis_app.identity.landing import landing_of
from lattis_app.identity.queries import actors
from lattis_app.identity.schemas.sessions import DriverSignInEntry, SignInEntry
from lattis_app.identity.services import sessions
from lattis_app.identity.tokens import SESSION_LIFETIME, is_csrf_token
from lattis_app.web import unreachable
from lattis_app.web.words import keep_choice

SIGN_IN_PAGE = "/sign-in"
SIGN_OUT_PAGE = "/sign-out"
ERRORS: dict[type[DomainError], str] = {
    RateLimited: "slow-down",
    Invalid: "incomplete",
    Unauthorized: "wrong",
    ServiceUnavailable: "unavailable",
}
"""What the sign-in page is told; it has the words."""

router = APIRouter(prefix="/auth", include_in_schema=False)
Field = Annotated[str, Form()]


@router.post("/sign-in")
def sign_in(request: Request, account: Field = "", password: Field = "", next: Field = "") -> Response:  # noqa: A002 — the form's name
    """Sign in to the office with e-mail or phone and password."""
    kept = {"account": account, "next": next}
    try:
        key = "email" if "@" in account else "phone"
        entry = parse(SignInEntry, {key: account, "password": password})
        count_attempt(account)
        with unreachable.refusing():
            signed_in = sessions.sign_in(entry, _device(request))
    except DomainError as refused:
        return _back(refused, kept)
    return _welcome(request, signed_in, next)


@router.post("/driver-sign-in")
def sign_in_driver(
    request: Request,
    driverName: Field = "",  # noqa: N803 — the seed's name
    icNumber: Field = "",  # noqa: N803 — the seed's name
    phoneNumber: Field = "",  # noqa: N803 — the seed's name
    pin: Field = "",
    next: Field = "",  # noqa: A002 — the form's name
) -> Response:
    """Sign a driver in with name, identity card and phone, and the PIN where there is one."""
    given = {"driverName": driverName, "icNumber": icNumber, "phoneNumber": phoneNumber, "pin": pin}
    try:
        entry = parse(DriverSignInEntry, given)
        count_attempt(phoneNumber)
        with unreachable.refusing():
            signed_in = sessions.sign_in_driver(entry, _device(request))
    except DomainError as refused:
        return _back(refused, {"as": "driver", "account": phoneNumber, "next": next})
    return _welcome(request, signed_in, next)


@router.post("/sign-out")
def sign_out(request: Request, csrf: Field = "") -> Response:
    """End this browser's session; a form that is not this session's own leads to a page that asks again."""
    try:
        _end(request, csrf)
    except Forbidden:
        return RedirectResponse(SIGN_OUT_PAGE, 303)
    except Unauthorized:
        pass
    answer = RedirectResponse(SIGN_IN_PAGE, 303)
    answer.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=_is_secure())
    return answer


def local_path(wanted: str, otherwise: str) -> str:
    """The wanted page if it is one of ours, so that a link to sign in can't lead to another site."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/auth/", SIGN_IN_PAGE, SIGN_OUT_PAGE))
    is_plain = "\\" not in wanted and wanted.isascii() and wanted.isprintable() and len(wanted) <= 2000
    return wanted if is_ours and is_plain and wanted != "/" else otherwise


def _welcome(request: Request, signed_in: sessions.SignedIn, wanted: str) -> Response:
    with suppress(Unauthorized), unit_of_work() as session:
        before = actors.by_cookie(session, request.cookies.get(SESSION_COOKIE, ""))
        sessions.sign_out(session, before)
    answer = RedirectResponse(local_path(wanted, landing_of(signed_in.user.role)), 303)
    answer.set_cookie(
        SESSION_COOKIE,
        signed_in.cookie,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_secure(),
    )
    keep_choice(request, answer, signed_in.cookie)
    return answer


def _back(refused: DomainError, kept: dict[str, str]) -> Response:
    query = {
        "error": ERRORS.get(type(refused), "wrong"),
        **{key: value for key, value in kept.items() if value},
    }
    return RedirectResponse(f"{SIGN_IN_PAGE}?{urlencode(query)}", 303)


def _end(request: Request, csrf: str) -> None:
    with unit_of_work() as session:
        actor = actors.by_cookie(session, request.cookies.get(SESSION_COOKIE, ""))
        if actor.session_id is None or not is_csrf_token(actor.session_id, csrf):
            raise Forbidden("The form has expired; reload the page", field="csrf", reason="missing or wrong")
        sessions.sign_out(session, actor)


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _is_secure() -> bool:
    return settings().url.startswith("https:")
