"""What is known about the request being served: its id and the caller's address, for logs and audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request, event or job run."""

    request_id: str
    address: str = ""


_current: ContextVar[RequestContext | None] = ContextVar("lattis_request", default=None)


def current() -> RequestContext | None:
    """The request being served, if any."""
    return _current.get()


def request_id() -> str:
    """The id of the request being served; empty outside one."""
    context = _current.get()
    return context.request_id if context else ""


@contextmanager
def serving(address: str = "", request_id: str | None = None) -> Iterator[RequestContext]:
    """Serve one request: everything logged or audited inside carries its id."""
    context = RequestContext(request_id or uuid4().hex, address)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
