"""Who sends a request: read from its headers, looked up, and let in before a route or its dependencies work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session
from starlette.requests import Request

from lattis_app.core import idempotency, limits
from lattis_app.core.actors import Actor
from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import Forbidden, Unauthorized
from lattis_app.core.settings import settings
from lattis_app.identity.cookies import SESSION_COOKIE
from lattis_app.identity.permissions import Permission, check
from lattis_app.identity.queries import actors
from lattis_app.identity.tokens import is_csrf_token

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request carries to prove who sends it, and what it signs with its key: path, query and body."""

    method: str
    path: str
    bearer: str
    cookie: str
    csrf: str
    idempotency_key: str
    body: bytes = b""

    def actor(self, session: Session, key: str = "") -> Actor:
        """Who sends this, by token or by the browser's cookie; `key` is claimed by the way. Raises Unauthorized."""
        if self.bearer:
            return actors.by_access_token(session, self.bearer, key)
        actor = actors.by_cookie(session, self.cookie, key)
        if self.method in SAFE_METHODS or (actor.session_id and is_csrf_token(actor.session_id, self.csrf)):
            return actor
        raise Forbidden("The form has expired; reload the page", field=CSRF_HEADER, reason="missing or wrong")


async def caller_of(request: Request) -> Caller:
    """Read the credentials of a request; nothing is checked yet."""
    caller = credentials_of(request)
    return replace(caller, body=await _said(request)) if caller.idempotency_key else caller


def credentials_of(request: Request) -> Caller:
    """The credentials of a request without its body. Raises Unauthorized for a scheme that is none of ours."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme and scheme.lower() != "bearer":
        raise Unauthorized("Use a Bearer token")
    return Caller(
        method=request.method,
        path="?".join(filter(None, (request.url.path, request.url.query))),
        bearer=token.strip(),
        cookie=request.cookies.get(SESSION_COOKIE, ""),
        csrf=request.headers.get(CSRF_HEADER, ""),
        idempotency_key=request.headers.get("Idempotency-Key", ""),
    )


async def _said(request: Request) -> bytes:
    """What a request says, however often it is sent: parts of a form are drawn new boundaries every time."""
    if not request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        return await request.body()
    said = hashlib.sha256()
    for name, part in (await request.form()).multi_items():
        given = part.encode() if isinstance(part, str) else await part.read()
        label = "" if isinstance(part, str) else part.filename or ""
        said.update(repr((name, label, len(given))).encode() + given)
        if not isinstance(part, str):
            await part.seek(0)
    return said.digest()


CallerDep = Annotated[Caller, Depends(caller_of)]


def check_caller(caller: Caller, needed: tuple[Permission, ...]) -> None:
    """Refuse a caller who may not do this at all. Raises Unauthorized, Forbidden."""
    with unit_of_work() as session:
        check(caller.actor(session), *needed)


def admit(caller: Caller, *needed: Permission) -> bool:
    """Refuse in a transaction of its own whom the route would refuse, before work that needs no database is begun.

    Answers whether there is any: a repeated request has its answer already.
    """
    with unit_of_work() as session:
        actor = caller.actor(session)
        limits.check("requests", str(actor.session_id), settings().requests_per_minute)
        check(actor, *needed)
        key = caller.idempotency_key
        return not (key and actor.user_id and idempotency.is_answered(session, actor.user_id, key))
