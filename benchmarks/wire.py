"""A keep-alive HTTP connection with next to no cost of its own, so that clients never are what is measured."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Self


class Refused(Exception):
    """The server answered something else than success."""


class Wire:
    """One connection; one request after the other."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        self.always = "Host: localhost\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_how: object) -> None:
        self.writer.close()

    async def get(self, path: str) -> bytes:
        """The body of an answer."""
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self.always}\r\n".encode())

    async def post(self, path: str, key: str, values: dict[str, Any]) -> dict[str, Any]:
        """The record that was made."""
        body = json.dumps(values).encode()
        head = f"POST {path} HTTP/1.1\r\n{self.always}Idempotency-Key: {key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        made: dict[str, Any] = json.loads(await self._ask(head.encode() + body))["data"]
        return made

    async def _ask(self, request: bytes) -> bytes:
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        body = await self.reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 2"):
            raise Refused(f"{request[:80]!r} → {head[:40]!r} {body[:300]!r}")
        return body
