"""A request of a test goes to the event loop and comes back as a whole answer: two steps between threads, not sixteen."""

import asyncio

import httpx2
from starlette.testclient import _TestClientTransport
from starlette.types import Message


class Handover(_TestClientTransport):
    """What carries the requests of a `TestClient`. Starlette's own streams every answer step by step; no test needs that."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Serve one request to its end; a WebSocket stays with Starlette."""
        if request.url.scheme in ("ws", "wss"):
            return super().handle_request(request)
        with self.portal_factory() as portal:
            return portal.call(self._answer, request, request.read())

    async def _answer(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        unread, complete = [body], asyncio.Event()
        started: Message = {"status": 500}
        parts: list[bytes] = []

        async def receive() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop()}
            await complete.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
            elif not complete.is_set():
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    complete.set()

        try:
            await self.app(self._scope(request), receive, send)
        except Exception:
            if self.raise_server_exceptions:
                raise
        content = b"" if request.method == "HEAD" else b"".join(parts)
        return httpx2.Response(
            started["status"],
            headers=started.get("headers", []),
            stream=httpx2.ByteStream(content),
            request=request,
        )

    def _scope(self, request: httpx2.Request) -> Message:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (request.url.host, request.url.port),
            "client": self.client,
            "root_path": self.root_path,
            "state": {},
        }
