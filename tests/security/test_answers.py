"""What every answer of the running copy carries, and what it refuses to read."""

import json

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from lattis_app.web.security import LARGEST_BODY
from tests.security.conftest import Copy

EVERYWHERE = [
    "/",
    "/sign-in",
    "/assets/page-4f2a.js",
    "/v1/me",
    "/v1/nothing",
    "/api/nothing",
    "/openapi.json",
    "/ping",
    "/docs",
]
PROMISED = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_security_headers_and_a_request_id(copy: Copy, path: str) -> None:
    answer = copy.call("GET", path)

    assert {name: answer.headers.get(name) for name in PROMISED} == PROMISED
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert len(answer.headers["x-request-id"]) == 32


def test_no_two_answers_share_a_request_id(copy: Copy) -> None:
    assert (
        copy.call("GET", "/ping").headers["x-request-id"] != copy.call("GET", "/ping").headers["x-request-id"]
    )


def test_scripts_may_only_come_from_here_and_talk_to_here(copy: Copy) -> None:
    policy = copy.call("GET", "/").headers["content-security-policy"]

    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["script-src"] == "'self' 'unsafe-inline' 'unsafe-eval'"
    assert rules["connect-src"] == f"'self' ws://localhost:{copy.port} ws://127.0.0.1:{copy.port}"
    assert (rules["object-src"], rules["base-uri"], rules["form-action"]) == ("'none'", "'self'", "'self'")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-cache"),
        ("/assets/page-4f2a.js", "public, max-age=31536000, immutable"),
        ("/assets/gone.js", "no-cache"),
        ("/v1/me", "no-store"),
    ],
)
def test_only_files_named_by_their_content_are_kept(copy: Copy, path: str, kept: str) -> None:
    assert copy.call("GET", path).headers["cache-control"] == kept


@pytest.mark.parametrize("path", ["/_upload", "/_upload/x.png", "/_upload/../_upload/x", "/_all_routes"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_the_upload_endpoint_of_reflex_is_closed(copy: Copy, method: str, path: str) -> None:
    answer = copy.call(method, path)

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/v1/auth/login", "/auth/sign-in", "/anything"])
def test_a_body_over_five_megabytes_is_refused_before_it_is_read(copy: Copy, path: str) -> None:
    answer = copy.call(
        "POST", path, content=b"x" * (LARGEST_BODY + 1), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"


def test_the_other_dialect_refuses_a_large_body_in_its_own_words(copy: Copy) -> None:
    answer = copy.call("POST", "/api/nothing", content=b"x" * (LARGEST_BODY + 1))

    assert (answer.status_code, answer.json()["statusCode"]) == (413, 413)


def test_a_body_that_hides_its_length_is_cut_off_too(copy: Copy) -> None:
    def endless():
        for _ in range(LARGEST_BODY // 65536 + 1):
            yield b"x" * 65536

    answer = copy.call(
        "POST", "/v1/auth/login", content=endless(), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"


def test_a_body_of_five_megabytes_is_read(copy: Copy) -> None:
    body = json.dumps({"email": "x" * (LARGEST_BODY - 100), "password": "y"})

    answer = copy.call("POST", "/v1/auth/login", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_another_site_can_not_change_anything(copy: Copy, method: str) -> None:
    answer = copy.call(method, "/v1/me", headers={"Origin": "https://evil.example"})

    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (403, "Origin")


def test_another_site_is_not_invited_to_read(copy: Copy) -> None:
    answer = copy.call("GET", "/v1/me", headers={"Origin": "https://evil.example"})

    assert "access-control-allow-origin" not in answer.headers


def test_another_site_may_not_open_the_stream_of_events(copy: Copy) -> None:
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(f"ws://127.0.0.1:{copy.port}/v1/ws", origin="https://evil.example"),  # type: ignore[arg-type]  # a NewType of str
    ):
        pass
