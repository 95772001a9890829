"""The only door from a browser to the services.

A browser may send any event with any payload, so each State handler carries `@handler`: somebody must be signed
in, the arguments must be what the signature says, a refusal becomes a toast, and a crash shows nothing but a
reference to the log. `run` carries a use case to a worker thread, in one transaction, with the actor whom the
session cookie names at that moment.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from contextvars import ContextVar
from functools import cached_property, wraps
from typing import Any, TypeVar, get_type_hints
from urllib.parse import urlencode
from uuid import uuid4

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from reflex.istate.proxy import StateProxy

from lattis_app.core import context
from lattis_app.core.actors import Actor
from lattis_app.core.db import is_unreachable, unit_of_work
from lattis_app.core.errors import DomainError, Invalid, NotFound, Unauthorized
from lattis_app.core.language import translate
from lattis_app.identity.cookies import session_cookie
from lattis_app.identity.queries import actors
from lattis_app.ui import failures, toasts
from lattis_app.ui.failures import Failure

logger = logging.getLogger(__name__)

MARK = "__lattis_handler__"
SIGNED_IN, PUBLIC = "signed in", "public"
SIGN_IN_PAGE = "/sign-in"

T = TypeVar("T")
_admitted: ContextVar[str] = ContextVar("lattis_admitted", default="")
"""The session cookie that the guard looked up for the event being handled; empty when it did not."""


class ForgedEvent(Exception):
    """The payload is nothing that our own pages would send."""


def handler(function: Callable[..., Any] | None = None, *, background: bool = False, **options: Any) -> Any:
    """Make an async method of a State a handler for signed-in people; options are those of `rx.event`."""

    def decorate(method: Callable[..., Any]) -> Any:
        return rx.event(_guarded(method, SIGNED_IN), background=background, **options)

    return decorate if function is None else decorate(function)


def public_handler(function: Callable[..., Any]) -> Any:
    """Make an async method a handler that nobody need be signed in for; the sign-in page only."""
    return rx.event(_guarded(function, PUBLIC))


async def run(state: Any, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run a service or query in a worker thread and one transaction; it receives (session, actor, …).

    Return rows for display from queries. Raises Unauthorized when the session has ended meanwhile.
    """
    return await asyncio.to_thread(_in_one_transaction, cookie_of(state), use_case, args, kwargs)


async def actor_of(state: Any) -> Actor:
    """Who is signed in at this moment. Raises Unauthorized."""
    return await run(state, _nothing_but_the_actor)


def cookie_of(state: Any) -> str:
    """The session cookie that this client's connection presented."""
    return session_cookie(state.router.headers.cookie)


def admit(cookie: str) -> None:
    """Remember, for the event being handled, whom the guard has just looked up."""
    _admitted.set(cookie)


def leave_for_sign_in(state: Any) -> list[rx.event.EventSpec]:
    """Leave for the sign-in page by a full navigation, which forgets all that this tab has shown."""
    url = state.router.url
    place = f"{url.path}?{url.query}" if url.query else str(url.path)
    if place.startswith(SIGN_IN_PAGE):
        return []
    query = {"next": place} | ({"error": "expired"} if cookie_of(state) else {})
    return [rx.call_script(f"window.location.assign('{SIGN_IN_PAGE}?{urlencode(query)}')")]


def _in_one_transaction(
    cookie: str, use_case: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    with unit_of_work() as session:
        return use_case(session, actors.by_cookie(session, cookie), *args, **kwargs)


def _nothing_but_the_actor(_session: Any, actor: Actor) -> Actor:
    return actor


class _Signature:
    """What a handler takes: named, annotated, without defaults (a browser could override them)."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self.method = method
        self.signature = inspect.signature(method)
        _, *parameters = self.signature.parameters.values()
        for parameter in parameters:
            if (
                parameter.kind is not parameter.POSITIONAL_OR_KEYWORD
                or parameter.default is not parameter.empty
            ):
                raise TypeError(
                    f"{method.__qualname__}: `{parameter}` must be a plain argument without a default"
                )
            if parameter.annotation is parameter.empty:
                raise TypeError(f"{method.__qualname__}: `{parameter.name}` must say its type")

    @cached_property
    def adapters(self) -> dict[str, TypeAdapter[Any]]:
        hints = get_type_hints(self.method, include_extras=True)
        _, *names = self.signature.parameters
        return {name: TypeAdapter(hints[name]) for name in names}

    def read(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments as their annotations say. Raises ForgedEvent."""
        try:
            _, *given = self.signature.bind(None, *args, **kwargs).arguments.items()
            return {name: self.adapters[name].validate_python(value) for name, value in given}
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
            raise ForgedEvent(f"{error.title}: {problems}") from None
        except TypeError as error:
            raise ForgedEvent(str(error)) from None


class _Handling:
    """One event being handled: its request id, its client, and what becomes of an error."""

    def __init__(self, state: Any, method: Callable[..., Any], access: str) -> None:
        self.state, self.method, self.name = state, method.__name__, method.__qualname__
        self.access = access
        self.request_id, self.address = uuid4().hex, state.router.session.client_ip

    async def step(self, work: Callable[[], Awaitable[Any]]) -> tuple[Any, bool]:
        """Do one piece of work; answers what to send to the browser and whether it went well."""
        with context.serving(self.address, self.request_id):
            try:
                return await work(), True
            except Exception as error:  # noqa: BLE001 — whatever it is, the browser gets a sentence
                return await self._answer(error), False

    async def admitted(self) -> None:
        """Raise Unauthorized unless somebody is signed in or nobody need be."""
        if self.access != PUBLIC and not (_admitted.get() and _admitted.get() == cookie_of(self.state)):
            await actor_of(self.state)
        if failures.loads_a_page(self.state, self.method):
            async with _changing(self.state):
                await failures.begin_again(self.state)

    async def _answer(self, error: Exception) -> Any:
        match error:
            case StopAsyncIteration():
                return None
            case Unauthorized():
                return leave_for_sign_in(self.state)
            case Invalid():
                await self._mark_fields(error)
                return toasts.refused(error.message)
            case NotFound():
                return await self._show(failures.gone(error))
            case DomainError():
                return toasts.refused(error.message)
            case ForgedEvent():
                logger.warning("%s refused an event: %s", self.name, error)
            case _ if is_unreachable(error):
                logger.error("%s could not ask the database: %s", self.name, error)
                return await self._show(failures.unreachable())
            case _:
                logger.error("%s failed", self.name, exc_info=error)
        return await self._show(failures.crash(self.request_id))

    async def _show(self, failure: Failure) -> Any:
        async with _changing(self.state):
            shown = await failures.take(self.state, self.method, failure)
        return None if shown else failure.toast

    async def _mark_fields(self, error: Invalid) -> None:
        listed = error.details.get("errors") or [error.details]
        problems = {
            str(problem["field"]): translate(str(problem["reason"]))
            for problem in listed
            if "field" in problem
        }
        if "errors" not in self.state.vars:
            return
        async with _changing(self.state):
            self.state.errors = problems


@asynccontextmanager
async def _changing(state: Any) -> AsyncIterator[None]:
    """Changes of a state, which a long task may make only while it holds the state."""
    if isinstance(state, StateProxy):
        async with state:
            yield
    else:
        yield


def _guarded(method: Callable[..., Any], access: str) -> Callable[..., Any]:
    signature = _Signature(method)
    if inspect.isasyncgenfunction(method):
        guarded = _stream(method, signature, access)
    elif inspect.iscoroutinefunction(method):
        guarded = _coroutine(method, signature, access)
    else:
        raise TypeError(f"{method.__qualname__} must be an async function")
    setattr(guarded, MARK, access)
    return guarded


def _coroutine(method: Callable[..., Any], signature: _Signature, access: str) -> Callable[..., Any]:
    @wraps(method)
    async def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        handling = _Handling(self, method, access)

        async def work() -> Any:
            await handling.admitted()
            return await method(self, **signature.read(args, kwargs))

        sent, _ = await handling.step(work)
        return sent

    return guarded


def _stream(method: Callable[..., Any], signature: _Signature, access: str) -> Callable[..., Any]:
    @wraps(method)
    async def guarded(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        handling = _Handling(self, method, access)

        async def start() -> Any:
            await handling.admitted()
            return method(self, **signature.read(args, kwargs))

        steps, going = await handling.step(start)
        if not going:
            yield steps
            return
        async with aclosing(steps):
            while going:
                sent, going = await handling.step(steps.__anext__)
                if going or sent is not None:
                    yield sent

    return guarded
