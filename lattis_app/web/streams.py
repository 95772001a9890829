"""`GET /v1/events` (server-sent events) and `/v1/ws` (WebSocket): what happens, as it happens (web/live.py)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse
from starlette.websockets import WebSocketDisconnect

from lattis_app.core.actors import Actor
from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import RateLimited, Unauthorized
from lattis_app.identity.cookies import SESSION_COOKIE
from lattis_app.identity.queries import actors
from lattis_app.web import live
from lattis_app.web.callers import CallerDep

HEARTBEAT = 15.0
SESSION_ENDED = 4401
Line = Callable[[live.Message], str]
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

router = APIRouter(tags=["Live"])


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


@router.get(
    "/v1/events",
    response_class=EventStream,
    summary="Follow what happens, as server-sent events.",
    openapi_extra={"security": [{"bearer": []}, {"cookie": []}]},
)
async def events(
    caller: CallerDep,
    last_event_id: Annotated[str, Header(alias="Last-Event-ID")] = "",
    names: Annotated[
        bool, Query(description="Only names, as unnamed messages; what open pages follow")
    ] = False,
) -> EventStream:
    """Drivers see their own jobs, the office sees all. `Last-Event-ID` catches up on what was missed.

    Permission: whatever the caller may see.
    """
    actor = await run_in_threadpool(_actor, caller.bearer, caller.cookie)
    after = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else None
    stream = _lines(actor, after, _name if names else _line)
    first = await anext(stream)
    return EventStream(_all(first, stream), headers=HEADERS)


@router.websocket("/v1/ws")
async def socket(websocket: WebSocket) -> None:
    """The same over a WebSocket, one JSON object per message; the first says who is listening."""
    try:
        actor = await run_in_threadpool(_actor, *_credentials(websocket))
    except Unauthorized:
        await websocket.close(1008)
        return
    await websocket.accept()
    tasks = [asyncio.create_task(_send(websocket, actor)), asyncio.create_task(_drain(websocket))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if tasks[0] in done and not tasks[0].exception():
        await websocket.close(SESSION_ENDED)


def _actor(bearer: str, cookie: str) -> Actor:
    with unit_of_work() as session:
        return actors.by_access_token(session, bearer) if bearer else actors.by_cookie(session, cookie)


def _credentials(connection: HTTPConnection) -> tuple[str, str]:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return bearer, connection.cookies.get(SESSION_COOKIE, "")


async def _all(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for line in rest:
        yield line


async def _lines(actor: Actor, after: int | None, line: Line) -> AsyncIterator[str]:
    try:
        async with live.listening(actor) as messages:
            yield "retry: 3000\n\n"
            sent: set[int] = set()
            if after is not None:
                for message in await run_in_threadpool(live.missed, actor, after):
                    sent.add(message.seq or 0)
                    yield line(message)
            async for beat in _with_heartbeat(messages):
                if beat is None:
                    yield ": still here\n\n"
                elif beat.seq not in sent:
                    yield line(beat)
    except live.TooManyStreams as error:
        raise RateLimited("This session follows too many streams", retry_after=5) from error


async def _with_heartbeat(messages: live.Subscription) -> AsyncIterator[live.Message | None]:
    """The messages, and None whenever none came for a while."""
    while True:
        try:
            yield await asyncio.wait_for(anext(messages), HEARTBEAT)
        except TimeoutError:
            yield None
        except StopAsyncIteration:
            return


def _line(message: live.Message) -> str:
    number = f"id: {message.seq}\n" if message.seq is not None else ""
    return f"{number}event: {message.name}\ndata: {_json(message.data)}\n\n"


def _name(message: live.Message) -> str:
    return f"data: {_json({'name': message.name})}\n\n"


async def _send(websocket: WebSocket, actor: Actor) -> None:
    async with live.listening(actor) as messages:
        await websocket.send_text(_json({"event": "ready", "data": {"user": actor.name, "role": actor.role}}))
        async for beat in _with_heartbeat(messages):
            told = (
                {"event": "heartbeat"} if beat is None else {"seq": beat.seq, "event": beat.name, **beat.data}
            )
            await websocket.send_text(_json(told))


async def _drain(websocket: WebSocket) -> None:
    """Read, and ignore, whatever the other side says, to learn when it leaves."""
    try:
        while True:
            await websocket.receive_text()
    except (WebSocketDisconnect, KeyError):
        return


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
