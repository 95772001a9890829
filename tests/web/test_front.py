"""Programs reach the API at once; what a browser's script sends goes by way of Reflex; both are secured alike."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from lattis_app.web.front import Front
from lattis_app.web.sections import Sections


def answering(words: str) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": words})
        else:
            await PlainTextResponse(words)(scope, receive, send)

    return answer


@pytest.mark.parametrize(
    ("path", "headers", "by"),
    [
        ("/v1/customers", {}, "api"),
        ("/api/leads", {}, "api"),
        ("/v1/customers", {"Origin": "https://elsewhere.example"}, "whole"),
        ("/v1", {}, "whole"),
        ("/v1x/customers", {}, "whole"),
        ("/customers", {}, "whole"),
    ],
)
def test_only_requests_of_programs_to_the_api_go_there_directly(path, headers, by) -> None:
    client = TestClient(Front(answering("api"), answering("whole")))
    assert client.get(path, headers=headers).text == by


def test_a_route_is_found_in_its_section_and_asked_by_its_methods() -> None:
    def says(path: str, methods: list[str]) -> Route:
        return Route(path, lambda request: PlainTextResponse(path), methods=methods)

    paths = [
        says("/v1/bins", ["GET"]),
        says("/v1/bins", ["POST"]),
        says("/v1/bins/{bin_id}", ["GET"]),
        says("/v1/bins/{bin_id}/movements", ["POST"]),
        says("/v1/{kind}", ["GET"]),
        says("/healthz", ["GET"]),
        says("/check/{token}", ["GET"]),
    ]
    client = TestClient(Router([Sections(paths)]))
    assert [
        (client.request(method, path).status_code, client.request(method, path).text)
        for method, path in (
            ("GET", "/v1/bins"),
            ("POST", "/v1/bins"),
            ("GET", "/v1/bins/7"),
            ("POST", "/v1/bins/7/movements"),
            ("GET", "/v1/colours"),
            ("GET", "/healthz"),
            ("GET", "/check/abc"),
            ("DELETE", "/v1/bins/7"),
            ("GET", "/v1/bins/7/8/9"),
            ("GET", "/nowhere"),
        )
    ] == [
        (200, "/v1/bins"),
        (200, "/v1/bins"),
        (200, "/v1/bins/{bin_id}"),
        (200, "/v1/bins/{bin_id}/movements"),
        (200, "/v1/{kind}"),
        (200, "/healthz"),
        (200, "/check/{token}"),
        (405, "Method Not Allowed"),
        (404, "Not Found"),
        (404, "Not Found"),
    ]
