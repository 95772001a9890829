"""The outermost layer of every request, as plain ASGI, so that streams stay streams.

It finds the caller's real address, gives the request its id, refuses other origins, oversized bodies and Reflex's
own upload endpoint, and puts the security headers on every answer: pages, files and API alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lattis_app.core import context, limits
from lattis_app.core.errors import DomainError, Forbidden, NotFound, PayloadTooLarge, RateLimited
from lattis_app.core.settings import Settings
from lattis_app.identity.cookies import session_cookie
from lattis_app.web.errors import refusal
from lattis_app.web.visiting import Visitors, is_signed_in

MEGABYTE = 1024 * 1024
LARGEST_BODY = 5 * MEGABYTE
"""A hundred thousand ids fit in it."""
CHANGING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CLOSED = ("/_upload", "/_all_routes")
"""Reflex's own endpoints that nobody needs: uploads go through the API, which asks who sends them."""
PAGE_SOCKET = "/_event"
REFUSED = {"type": "websocket.close", "code": 1008}
PRIVATE = ("/v1", "/api", "/auth")
Header = tuple[bytes, bytes]


def secured(configured: Settings) -> Callable[[ASGIApp], ASGIApp]:
    """The layer for `rx.App(api_transformer=[…])`; it must be the last one there."""

    def wrap(app: ASGIApp) -> ASGIApp:
        inner: ASGIApp = Security(app, configured)
        proxies = list(configured.trusted_proxies)
        return wrap_asgi_with_proxy_headers(inner, proxies) if proxies else inner

    return wrap


def security_headers(configured: Settings) -> list[Header]:
    """What every answer carries."""
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in configured.origins)
    # Reflex evaluates the scripts its server sends, hence 'unsafe-eval'; its pages carry inline scripts and styles.
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' {sockets}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if configured.url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def is_foreign(connection: HTTPConnection, origins: Iterable[str]) -> bool:
    """Whether a browser sends this on behalf of another site. Programs send no Origin and are not browsers."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") == "cross-site"
    return origin not in origins and urlsplit(origin).netloc != connection.headers.get("host", "")


class Security:
    """One request after the other; holds nothing of any of them but how many visitors there are."""

    def __init__(self, app: ASGIApp, configured: Settings) -> None:
        self.app = app
        self.origins = frozenset(configured.origins)
        self.headers = security_headers(configured)
        self.pages_per_minute = configured.requests_per_minute
        self.visitors = Visitors(configured.visitor_pages, configured.visitor_pages_per_address)
        self.largest_upload = (configured.max_upload_mb + 1) * MEGABYTE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        with context.serving(_address_of(scope)) as request:
            if scope["type"] == "websocket":
                await self._serve_socket(scope, receive, send)
            else:
                await self._serve(scope, receive, self._marking(send, scope["path"], request.request_id))

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["path"].startswith(PAGE_SOCKET)
        if is_foreign(HTTPConnection(scope), self.origins) or (is_page and self._is_flood(scope)):
            await send(REFUSED)
        elif is_page:
            await self._serve_page(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = _with_own_token(scope)
        if await is_signed_in(_cookie_of(scope)):
            await self.app(own, receive, send)
            return
        address = _address_of(scope)
        if not self.visitors.enter(address):
            await send(REFUSED)
            return
        try:
            await self.app(own, receive, send)
        finally:
            self.visitors.leave(address)

    def _is_flood(self, scope: Scope) -> bool:
        """Whether one address opens page after page, each of which costs memory."""
        try:
            limits.hit("pages opened", _address_of(scope), self.pages_per_minute)
        except RateLimited:
            return True
        return False

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        limit = self._largest_body(connection)
        problem = self._problem(scope, connection, limit)
        if problem is None:
            await self.app(scope, _counted(receive, limit), send)
            return
        answer: Response = refusal(scope["path"], problem)
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)

    def _problem(self, scope: Scope, connection: HTTPConnection, limit: int) -> DomainError | None:
        path: str = scope["path"]
        if path.startswith(CLOSED):
            return NotFound("There is no such path", path=path)
        if scope["method"] in CHANGING_METHODS and is_foreign(connection, self.origins):
            return Forbidden("Another site may not send this", field="Origin", reason="is not ours")
        announced = connection.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            return PayloadTooLarge(f"At most {limit // MEGABYTE} MB are accepted", largest_bytes=limit)
        return None

    def _largest_body(self, connection: HTTPConnection) -> int:
        is_upload = connection.headers.get("content-type", "").startswith("multipart/form-data")
        return self.largest_upload if is_upload else LARGEST_BODY

    def _marking(self, send: Send, path: str, request_id: str) -> Send:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                given: list[Header] = list(message.get("headers", ()))
                own = {name.lower() for name, _ in given}
                given += [header for header in self.headers if header[0] not in own]
                given.append((b"x-request-id", request_id.encode()))
                if b"cache-control" not in own:
                    given.append((b"cache-control", _keeping(path, message["status"])))
                message = {**message, "headers": given}
            await send(message)

        return marked


def _address_of(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _cookie_of(scope: Scope) -> str:
    return session_cookie(HTTPConnection(scope).headers.get("cookie", ""))


def _with_own_token(scope: Scope) -> Scope:
    """Tie the token of a tab, which Reflex finds its states by, to the session cookie beside it.

    The same token with another cookie, or none, then names other states: even a handler that is still running for
    the first session can't write to the socket of the second.
    """
    given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    cookie = _cookie_of(scope)
    own = [
        (name, hashlib.sha256(f"{cookie} {value}".encode()).hexdigest() if name == "token" else value)
        for name, value in given
    ]
    return {**scope, "query_string": urlencode(own).encode()}


def _keeping(path: str, status: int) -> bytes:
    """How long a browser may keep an answer: files named by their content for good, private ones never."""
    if path.startswith("/assets/") and status < 400:
        return b"public, max-age=31536000, immutable"
    return b"no-store" if path.startswith(PRIVATE) else b"no-cache"


def _counted(receive: Receive, limit: int) -> Receive:
    """Stop reading a body that announced no length, or a wrong one, as soon as it is too large."""
    read = 0

    async def counted() -> Any:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413, f"At most {limit // MEGABYTE} MB are accepted")
        return message

    return counted
