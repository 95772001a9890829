"""The first to see a request: programs are answered by the API at once, pages and browsers' scripts by way of Reflex.

Reflex wraps whatever it serves in layers that a request to the API has no use for; a fifth of its time went there.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

PREFIXES = ("/v1/", "/api/")


class Front:
    """Chooses between the API and the whole application; both carry the same security layer."""

    def __init__(self, api: ASGIApp, whole: ASGIApp) -> None:
        self.api = api
        self.whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection. A request with an Origin needs Reflex's answer to it (CORS)."""
        chosen = self.api if _is_from_a_program(scope) else self.whole
        await chosen(scope, receive, send)


def _is_from_a_program(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["path"].startswith(PREFIXES)
        and all(name != b"origin" for name, _ in scope["headers"])
    )
