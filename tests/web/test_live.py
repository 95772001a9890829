"""Live streams: each actor what they may see, nothing lost over a reconnect, over within seconds of a sign-out."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.types import Message, Scope

from lattis_app.core import db
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.events import Event, EventRow, record
from lattis_app.core.settings import settings
from lattis_app.identity.models import User, UserSession
from lattis_app.identity.permissions import Role
from lattis_app.identity.queries import actors
from lattis_app.notifications.services import notifications
from lattis_app.rental.events import DoAssigned, InvoicePaid, PaymentReceived
from lattis_app.web import live, streams
from lattis_app.web.security import secured
from tests.factories.identity import make_token, make_user

RECORD, MINE, OTHERS = UUID(int=1), UUID(int=2), UUID(int=3)
SOON = 10
ASSIGNED, ANOTHERS = DoAssigned(RECORD, MINE, "DO-1", "ABC"), DoAssigned(RECORD, OTHERS, "DO-2", "ABC")
PAID, TAKEN = (
    InvoicePaid(RECORD, "INV-1", RECORD),
    PaymentReceived(RECORD, "RCPT-1", 35050, "CASH", driver_id=MINE),
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, committed_database: str) -> None:
    monkeypatch.setattr(live, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(streams, "HEARTBEAT", 0.2)


def person(role: Role, subject_id: UUID | None = None) -> tuple[User, str]:
    with db.unit_of_work() as session:
        user = make_user(session, role, subject_id=subject_id)
        return user, make_token(session, user)


def actor_of(token: str) -> Actor:
    with db.unit_of_work() as session:
        return actors.by_access_token(session, token)


def happen(*all_of_them: Event) -> None:
    with db.unit_of_work() as session:
        for happened in all_of_them:
            record(session, happened)


async def until_listening() -> None:
    """The listener of PostgreSQL notices is there."""

    def listens() -> bool:
        with db.reading() as session:
            text = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN lattis_inbox'"
            return bool(session.connection().exec_driver_sql(text).scalar())

    async with asyncio.timeout(SOON):
        while not await asyncio.to_thread(listens):
            await asyncio.sleep(0.02)


class Stream:
    """`GET /v1/events` read through plain ASGI."""

    def __init__(self) -> None:
        self.text, self.status, self.ended = "", 0, False
        self._changed = asyncio.Event()
        self._gone = asyncio.Event()

    async def receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")
        self._changed.set()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not done():
                self._changed.clear()
                await self._changed.wait()

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        blocks = [
            dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            for block in self.text.split("\n\n")
        ]
        return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]


@asynccontextmanager
async def follow(
    api: FastAPI, token: str, headers: dict[str, str] | None = None, query: bytes = b""
) -> AsyncIterator[Stream]:
    stream = Stream()
    given = {"authorization": f"Bearer {token}", "host": "testserver"} | (headers or {})
    scope: Scope = {
        "type": "http", "method": "GET", "path": "/v1/events", "raw_path": b"/v1/events", "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in given.items()], "http_version": "1.1",
        "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    task = asyncio.create_task(api(scope, stream.receive, stream.send))
    await stream.until(lambda: "retry" in stream.text or stream.ended)
    try:
        yield stream
    finally:
        stream._gone.set()
        await asyncio.wait_for(task, SOON)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with live.run():
            await until_listening()
            await scenario()

    asyncio.run(whole())


def test_each_actor_sees_what_is_theirs(rest_api: FastAPI) -> None:
    admin, driver, viewer = person(Role.ADMIN), person(Role.DRIVER, MINE), person(Role.VIEWER)

    async def scenario() -> None:
        async with (
            follow(rest_api, admin[1]) as office, follow(rest_api, driver[1]) as road, follow(rest_api, viewer[1]) as outside,
        ):  # fmt: skip
            await asyncio.to_thread(happen, ASSIGNED, ANOTHERS, PAID, TAKEN)
            await office.until(lambda: len(office.events) == 4)
            await road.until(lambda: len(road.events) == 2)
            assert [name for name, _ in office.events] == [
                "do.assigned",
                "do.assigned",
                "invoice.paid",
                "payment.received",
            ]
            assert [(name, told["data"].get("number")) for name, told in road.events] == [
                ("do.assigned", "DO-1"), ("payment.received", None),
            ]  # fmt: skip
            assert road.events[1][1]["data"]["amount"] == "350.50"
            await outside.until(lambda: "still here" in outside.text)
            assert outside.events == []

    run(scenario)


def test_a_heartbeat_keeps_the_line_open(rest_api: FastAPI) -> None:
    _, token = person(Role.ADMIN)

    async def scenario() -> None:
        async with follow(rest_api, token) as stream:
            await stream.until(lambda: stream.text.count(": still here") == 2)
            assert stream.status == 200

    run(scenario)


def test_open_pages_follow_names_only(rest_api: FastAPI) -> None:
    _, token = person(Role.ADMIN)

    async def scenario() -> None:
        async with follow(rest_api, token, query=b"names=true") as stream:
            await asyncio.to_thread(happen, PAID)
            await stream.until(lambda: "data" in stream.text)
            assert stream.text.endswith('data: {"name":"invoice.paid"}\n\n')

    run(scenario)


def test_a_reconnect_catches_up_from_the_last_number(rest_api: FastAPI) -> None:
    _, token = person(Role.DRIVER, MINE)

    async def scenario() -> None:
        async with follow(rest_api, token) as stream:
            await asyncio.to_thread(happen, ASSIGNED)
            await stream.until(lambda: len(stream.events) == 1)
            last = stream.text.split("id: ")[1].split("\n")[0]
        await asyncio.to_thread(happen, ANOTHERS, TAKEN)
        async with follow(rest_api, token, {"last-event-id": last}) as stream:
            await stream.until(lambda: len(stream.events) == 1)
            await asyncio.to_thread(happen, ASSIGNED)
            await stream.until(lambda: len(stream.events) == 2)
            assert [name for name, _ in stream.events] == ["payment.received", "do.assigned"]

    run(scenario)


@pytest.mark.parametrize("change", ["signed out", "closed"])
def test_a_stream_ends_soon_after_its_session(rest_api: FastAPI, change: str) -> None:
    user, token = person(Role.ADMIN)

    def end() -> None:
        with db.unit_of_work() as session:
            if change == "closed":
                session.get_one(User, user.id).active = False
            else:
                opened = session.scalars(select(UserSession)).one()
                opened.revoked_at = opened.created_at

    async def scenario() -> None:
        async with follow(rest_api, token) as stream:
            await asyncio.to_thread(end)
            await stream.until(lambda: stream.ended)

    run(scenario)


def test_a_lost_role_is_lost_on_an_open_stream(rest_api: FastAPI) -> None:
    user, token = person(Role.ADMIN)

    def demote() -> None:
        with db.unit_of_work() as session:
            session.get_one(User, user.id).role = Role.VIEWER

    async def scenario() -> None:
        async with live.listening(actor_of(token)) as subscription:
            await asyncio.to_thread(demote)
            async with asyncio.timeout(SOON):
                while subscription.actor.role != "VIEWER":
                    await asyncio.sleep(0.02)
            assert not live.Message("x", {}, 1, "rental_invoices").is_for(subscription.actor)

    run(scenario)


def test_who_drives_no_more_follows_the_jobs_no_more() -> None:
    told = live.Message("do.assigned", {}, 1, "rental_delivery_orders", {"driver_id": str(MINE)})
    (driving, token), (former, other) = person(Role.DRIVER, MINE), person(Role.VIEWER, MINE)

    assert (driving.subject_id, former.subject_id) == (MINE, MINE)
    assert (told.is_for(actor_of(token)), told.is_for(actor_of(other))) == (True, False)


def test_nobody_follows_without_a_session(rest_api: FastAPI) -> None:
    async def scenario() -> None:
        async with follow(rest_api, "not.a.token") as stream:
            assert (stream.status, stream.ended) == (401, True)

    run(scenario)


def test_a_session_holds_a_limited_number_of_streams(
    rest_api: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 1)
    _, token = person(Role.ADMIN)

    async def scenario() -> None:
        async with follow(rest_api, token) as first, follow(rest_api, token) as second:
            assert (first.status, second.status) == (200, 429)
        assert live.count() == 0
        async with follow(rest_api, token) as again:
            assert again.status == 200

    run(scenario)


def test_who_reads_too_slowly_is_let_go_and_catches_up_later(monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = person(Role.ADMIN)

    async def scenario() -> None:
        async with live.listening(actor_of(token)) as subscription:
            for number in range(live.MOST_WAITING + 5):
                subscription.offer(live.Message("x", {}, number, "rental_invoices"))
            read = [message.seq async for message in subscription]
            assert read == list(range(1, live.MOST_WAITING))

    run(scenario)


def test_an_open_bell_rings_for_its_owner_only(committed_database: str) -> None:
    owner, other = person(Role.VIEWER), person(Role.ADMIN)

    def tell() -> None:
        with db.unit_of_work() as session:
            notifications.notify(session, SYSTEM, users=[owner[0].id], kind="x", title="Hello")

    async def scenario() -> None:
        heard: list[str] = []

        async def note(message: live.Message) -> None:
            heard.append(message.name)

        end = live.subscribe(actor_of(owner[1]), note)
        async with live.listening(actor_of(other[1])) as others:
            await asyncio.sleep(0)
            await asyncio.to_thread(tell)
            await asyncio.to_thread(happen, PAID)
            async with asyncio.timeout(SOON):
                assert (await anext(others)).name == "invoice.paid"
        assert heard == ["notification.created"]
        end()
        await asyncio.sleep(0)
        assert live.count() == 0

    run(scenario)


class Socket:
    """`/v1/ws` through plain ASGI and the security layer."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.changed = asyncio.Event()

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        self.changed.set()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not done():
                self.changed.clear()
                await self.changed.wait()

    @property
    def told(self) -> list[dict[str, Any]]:
        texts = [message["text"] for message in self.sent if message["type"] == "websocket.send"]
        return [told for text in texts if (told := json.loads(text))["event"] != "heartbeat"]


@asynccontextmanager
async def connect(api: FastAPI, headers: dict[str, str]) -> AsyncIterator[Socket]:
    socket = Socket()
    scope: Scope = {
        "type": "websocket", "path": "/v1/ws", "raw_path": b"/v1/ws", "query_string": b"", "subprotocols": [],
        "headers": [(name.encode(), value.encode()) for name, value in ({"host": "testserver"} | headers).items()],
        "scheme": "ws", "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": "", "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }  # fmt: skip
    app = secured(settings())(api)
    task = asyncio.ensure_future(app(scope, socket.incoming.get, socket.send))
    await socket.until(lambda: bool(socket.sent))
    try:
        yield socket
    finally:
        socket.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(task, SOON)


def test_a_socket_tells_the_same(rest_api: FastAPI) -> None:
    user, token = person(Role.DRIVER, MINE)

    def end() -> None:
        with db.unit_of_work() as session:
            session.get_one(User, user.id).active = False

    async def scenario() -> None:
        async with connect(rest_api, {"authorization": f"Bearer {token}"}) as socket:
            await socket.until(lambda: len(socket.told) == 1)
            assert socket.told[0]["event"] == "ready"
            socket.incoming.put_nowait({"type": "websocket.receive", "text": "noise"})
            await asyncio.to_thread(happen, ANOTHERS, ASSIGNED)
            await socket.until(lambda: len(socket.told) == 2)
            assert (socket.told[1]["event"], socket.told[1]["data"]["number"]) == ("do.assigned", "DO-1")
            await asyncio.to_thread(end)
            await socket.until(lambda: socket.sent[-1]["type"] == "websocket.close")
            assert socket.sent[-1]["code"] == 4401
        assert live.count() == 0

    run(scenario)


def test_a_socket_of_nobody_or_of_another_site_is_refused(rest_api: FastAPI) -> None:
    _, token = person(Role.ADMIN)

    async def scenario() -> None:
        async with connect(rest_api, {"authorization": "Bearer wrong"}) as stranger:
            assert [message["type"] for message in stranger.sent] == ["websocket.close"]
        async with connect(
            rest_api, {"authorization": f"Bearer {token}", "origin": "https://evil.example"}
        ) as foreign:
            assert [message["type"] for message in foreign.sent] == ["websocket.close"]

    run(scenario)


def test_streams_begin_again_when_the_database_connection_breaks(
    rest_api: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PAUSE", 0.01)
    _, token = person(Role.ADMIN)

    def cut() -> None:
        with db.unit_of_work() as session:
            session.connection().exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query = 'LISTEN lattis_inbox'"
            )

    async def scenario() -> None:
        async with follow(rest_api, token) as stream:
            await asyncio.to_thread(cut)
            await stream.until(lambda: stream.ended)
        await until_listening()
        async with follow(rest_api, token, {"last-event-id": "0"}) as stream:
            await asyncio.to_thread(happen, PAID)
            await stream.until(lambda: len(stream.events) == 1)

    run(scenario)


def test_what_happened_is_numbered() -> None:
    happen(PAID)
    with db.unit_of_work() as session:
        assert session.scalars(select(EventRow)).one().seq == 1
