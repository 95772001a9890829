"""The outermost layer where the running copy of tests/security does not reach: https, proxies, uploads, streams."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from lattis_app.core import context, limits
from lattis_app.core.settings import Settings, reset_settings
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Role
from lattis_app.web import browser_sessions, visiting
from lattis_app.web.security import LARGEST_BODY, MEGABYTE, secured
from tests.factories.identity import PASSWORD, make_user
from tests.ui.visits import signed_in


async def told(request: Request) -> Response:
    current = context.current()
    assert current is not None
    return JSONResponse({"address": current.address, "id": current.request_id, "scheme": request.url.scheme})


async def weighed(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def kept(request: Request) -> Response:
    return PlainTextResponse(
        "", headers={"Cache-Control": "private, max-age=5", "X-Frame-Options": "SAMEORIGIN"}
    )


def client(address: str = "192.0.2.1", **settings: Any) -> TestClient:
    routes = [Route("/told", told), Route("/weighed", weighed, methods=["POST"]), Route("/kept", kept)]
    outermost = secured(Settings(**settings))(Starlette(routes=routes))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await outermost(scope, receive, send)

    return TestClient(app, client=(address, 4711), base_url="http://localhost:3000")


def test_https_is_promised_only_where_the_public_address_has_it() -> None:
    assert "strict-transport-security" not in client().get("/told").headers
    secure = client(public_url="https://billing.example.com").get("/told").headers
    assert secure["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "wss://billing.example.com" in secure["content-security-policy"]


def test_the_log_and_the_answer_know_a_request_by_the_same_id() -> None:
    answer = client().get("/told", headers={"X-Request-Id": "chosen by the caller"})

    assert answer.headers["x-request-id"] == answer.json()["id"]
    assert answer.json()["id"] != "chosen by the caller"


def test_an_address_that_a_stranger_claims_is_not_believed() -> None:
    answer = client(trusted_proxies="10.0.0.0/8").get("/told", headers={"X-Forwarded-For": "203.0.113.7"})

    assert answer.json()["address"] == "192.0.2.1"


def test_a_trusted_proxy_says_who_really_calls() -> None:
    proxied = client("10.1.2.3", trusted_proxies="10.0.0.0/8")
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7, 10.9.9.9", "X-Forwarded-Proto": "https"}

    answer = proxied.get("/told", headers=headers).json()

    assert (answer["address"], answer["scheme"]) == ("203.0.113.7", "https")


def test_an_answer_keeps_the_headers_it_set_itself() -> None:
    headers = client().get("/kept").headers

    assert headers["cache-control"] == "private, max-age=5"
    assert headers.get_list("x-frame-options") == ["SAMEORIGIN"]


def test_uploads_may_be_as_large_as_the_settings_say() -> None:
    body = b"x" * (2 * MEGABYTE)
    form = {"Content-Type": "multipart/form-data; boundary=x"}

    assert client(max_upload_mb=2).post("/weighed", content=body, headers=form).text == str(2 * MEGABYTE)
    assert client(max_upload_mb=2).post("/weighed", content=body * 2, headers=form).status_code == 413


def test_a_hundred_thousand_ids_fit_in_one_request() -> None:
    ids = json.dumps({"parcel_ids": [str(UUID(int=2**127 + number)) for number in range(100_000)]})

    assert client().post("/weighed", content=ids).text == str(len(ids))
    assert client().post("/weighed", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "https://billing.example.com"}, 200),
        ({"Origin": "https://billing.example.com.evil.example"}, 403),
        ({"Origin": "http://localhost:3001"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_only_our_own_pages_and_programs_may_change_things(headers: dict[str, str], status: int) -> None:
    asked = client(public_url="https://billing.example.com")

    assert asked.post("/weighed", content=b"x", headers=headers).status_code == status


def test_a_stream_is_passed_on_piece_by_piece() -> None:
    sent: list[dict[str, Any]] = []
    seen_when_second_piece_was_made: list[int] = []

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        seen_when_second_piece_was_made.append(len(sent))
        await send({"type": "http.response.body", "body": b"second"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/v1/events", "headers": [], "client": ("192.0.2.1", 1)}
    asyncio.run(secured(Settings())(stream)(scope, None, send))  # type: ignore[arg-type]  # nothing is received

    assert seen_when_second_piece_was_made == [2]


async def greeted(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(socket.query_params.get("token", ""))
    await socket.close()


def opened(path: str, headers: dict[str, str] | None = None, **settings: Any) -> str | int:
    """What a socket is greeted with, or the code it is refused with."""
    routes = [WebSocketRoute("/_event", greeted), WebSocketRoute("/v1/ws", greeted)]
    asked = TestClient(
        secured(Settings(**settings))(Starlette(routes=routes)), base_url="http://localhost:3000"
    )
    try:
        with asked.websocket_connect(path, headers=headers or {}) as socket:
            return socket.receive_text()
    except WebSocketDisconnect as refused:
        return refused.code


@pytest.mark.parametrize("path", ["/_event?token=t", "/v1/ws?token=t"])
def test_no_socket_opens_for_another_site(path: str) -> None:
    assert opened(path, {"Origin": "https://evil.example"}) == 1008
    assert opened(path, {"Origin": "http://localhost:3000"}) != 1008


def test_the_token_of_a_tab_means_something_else_with_another_cookie(session: Session) -> None:
    limits.forget()
    one, other = {"Cookie": "a=b; lattis_session=one"}, {"Cookie": "lattis_session=other"}

    known = {opened("/_event?token=t", one), opened("/_event?token=t", other), opened("/_event?token=t")}

    assert len(known) == 3
    assert opened("/_event?token=t", one) in known
    assert "t" not in known
    assert opened("/v1/ws?token=t", one) == "t"


def test_one_address_may_not_open_page_after_page() -> None:
    limits.forget()

    tried = [opened("/_event?token=t", requests_per_minute=3) == 1008 for _ in range(5)]

    assert tried == [False, False, False, True, True]
    limits.forget()


class Pages:
    """Pages that are open at once: each socket stays until it is closed."""

    def __init__(self, **most: Any) -> None:
        limits.forget()
        self._app = secured(Settings(**most))(self._hold)
        self._open: list[tuple[asyncio.Event, asyncio.Future[None]]] = []

    async def open(self, address: str, cookie: str = "") -> bool:
        """Whether one more page may open."""
        closing, entered = asyncio.Event(), asyncio.Event()
        headers = [(b"cookie", f"lattis_session={cookie}".encode())] if cookie else []
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": "/_event/",
            "query_string": b"token=t",
            "client": (address, 1),
        }
        answers: list[Message] = []

        async def receive() -> Message:
            await closing.wait()
            return {"type": "websocket.disconnect"}

        async def send(message: Message) -> None:
            answers.append(message)
            entered.set()

        serving = self._app(scope | {"headers": headers}, receive, send)
        task = asyncio.ensure_future(serving)
        await entered.wait()
        self._open.append((closing, task))
        return answers[0] == {"type": "websocket.accept"}

    async def close(self) -> None:
        """Close all."""
        for closing, _ in self._open:
            closing.set()
        await asyncio.gather(*(task for _, task in self._open), return_exceptions=True)
        self._open.clear()

    async def _hold(self, _scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await receive()
        raise ConnectionResetError("however a page goes")


def test_visitors_hold_only_so_many_pages_open_and_leave_room_when_they_go() -> None:
    async def scene() -> None:
        pages = Pages(visitor_pages_per_address=2, visitor_pages=3)
        assert [await pages.open("192.0.2.1") for _ in range(3)] == [True, True, False]
        assert [await pages.open("192.0.2.2") for _ in range(2)] == [True, False]
        assert await pages.open("192.0.2.3") is False
        await pages.close()
        assert [await pages.open("192.0.2.1") for _ in range(3)] == [True, True, False]
        await pages.close()

    asyncio.run(scene())


def test_whoever_is_signed_in_opens_pages_however_many_visitors_there_are(session: Session) -> None:
    cookie = signed_in(session)

    async def scene() -> None:
        pages = Pages(visitor_pages_per_address=1, visitor_pages=1)
        assert await pages.open("192.0.2.1")
        assert [await pages.open("192.0.2.1", cookie) for _ in range(3)] == [True] * 3
        assert [await pages.open("192.0.2.2", known) for known in ("", "invented")] == [False, False]
        await pages.close()

    asyncio.run(scene())


def test_while_the_database_is_away_everybody_is_a_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(visiting, "unit_of_work", away)

    async def scene() -> None:
        pages = Pages(visitor_pages_per_address=1)
        assert [await pages.open("192.0.2.1", "somebody's") for _ in range(2)] == [True, False]
        await pages.close()

    asyncio.run(scene())


@pytest.fixture
def office(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The sign-in forms of a copy that is reached by https."""
    monkeypatch.setenv("LATTIS_PUBLIC_URL", "https://billing.example.com")
    reset_settings()
    limits.forget()
    make_user(session, Role.ADMIN, email="ada@example.com", password_hash=hash_secret(PASSWORD))
    api = FastAPI()
    api.include_router(browser_sessions.router)
    yield TestClient(secured(Settings())(api), base_url="https://billing.example.com", follow_redirects=False)
    limits.forget()
    monkeypatch.undo()
    reset_settings()


def sign_in(office: TestClient, password: str, account: str = "ada@example.com") -> Response:
    return office.post("/auth/sign-in", data={"account": account, "password": password})  # type: ignore[return-value]  # alike


def test_the_cookie_travels_by_https_only_where_there_is_https(office: TestClient) -> None:
    answer = sign_in(office, PASSWORD)

    assert answer.status_code == 303
    assert "secure" in answer.headers["set-cookie"].lower().split("; ")


def test_the_sixth_attempt_within_a_minute_has_to_wait_even_with_the_right_password(
    office: TestClient,
) -> None:
    for _ in range(5):
        assert "error=wrong" in sign_in(office, "not the right one").headers["location"]

    answer = sign_in(office, PASSWORD)

    assert answer.headers["location"] == "/sign-in?error=slow-down&account=ada%40example.com"
    assert "set-cookie" not in answer.headers


def test_one_address_may_not_try_one_account_after_the_other(office: TestClient) -> None:
    for number in range(5):
        sign_in(office, "guess", f"user{number}@example.com")

    assert "error=slow-down" in sign_in(office, "guess", "user6@example.com").headers["location"]


def test_one_account_may_not_be_tried_from_everywhere(office: TestClient) -> None:
    form = {"account": "ada@example.com", "password": PASSWORD}
    tried = [
        TestClient(office.app, base_url=str(office.base_url), client=(f"192.0.2.{number}", 1)).post(
            "/auth/sign-in", data=form, follow_redirects=False
        )
        for number in range(6)
    ]

    assert ["slow-down" in answer.headers["location"] for answer in tried] == [False] * 5 + [True]
