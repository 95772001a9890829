"""What must never be readable in a log."""

import io
import json
import logging

import pytest

from lattis_app.core import context
from lattis_app.core.logging import JsonFormatter, MaskedFormatter, MaskingFilter, masked

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("driver 920815-14-5678 signed in", "920815-14-5678"),
        ("driver 920815145678 signed in", "920815145678"),
        (f"bearer was {TOKEN}", "c2lnbmF0dXJl"),
        ("Authorization: Bearer opaque123", "opaque123"),
        ("{'authorization': 'Bearer opaque123'}", "opaque123"),
        ("Cookie: theme=dark; lattis_session=abc123", "abc123"),
        ("set-cookie: lattis_session=abc123; HttpOnly", "abc123"),
        ("lattis_session=abc123", "abc123"),
        ('{"password": "correct horse"}', "horse"),
        ("password='correct horse'", "horse"),
        ("email=a@b.c&password=horse&next=/", "horse"),
        ("{'new_pin': '1234'}", "1234"),
        ('"icNumber": "A1234567"', "A1234567"),
        ("ic_number=A1234567", "A1234567"),
        ("passport: A1234567", "A1234567"),
        ("refresh_token=r3fr3sh", "r3fr3sh"),
        ("jwt_secret = s3cr3t", "s3cr3t"),
        ("X-CSRF-Token: f0rm", "f0rm"),
        ("signed by whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8"),
    ],
)
def test_secrets_and_identity_are_masked(text: str, hidden: str) -> None:
    assert hidden not in masked(text)
    assert "•" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-00012 issued for RM 1,350.00",
        "GET /v1/invoices?from=2026-01-01 200 12 ms",
        "shipping: Jalan Puchong",
        "request 6f9619ff8b86d011b42d00cf4fc964ff failed",
    ],
)
def test_everything_else_stays_readable(text: str) -> None:
    assert masked(text) == text


def logged(formatter: logging.Formatter, message: str, *args: object, crash: Exception | None = None) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(MaskingFilter())
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, message, args, None)
    if crash:
        try:
            raise crash
        except type(crash) as error:
            record.exc_info = (type(error), error, error.__traceback__)
    handler.handle(record)
    return stream.getvalue()


def test_arguments_are_masked_too() -> None:
    assert "5678" not in logged(MaskedFormatter(), "driver %s", "920815-14-5678")


@pytest.mark.parametrize("formatter", [MaskedFormatter(), JsonFormatter()])
def test_tracebacks_are_masked_too(formatter: logging.Formatter) -> None:
    text = logged(formatter, "failed", crash=ValueError(f"password=horse {TOKEN} 920815-14-5678"))
    assert "ValueError" in text
    assert not any(secret in text for secret in ("horse", "c2lnbmF0dXJl", "920815-14-5678"))


@pytest.mark.parametrize("formatter", [MaskedFormatter(), JsonFormatter()])
def test_nobody_writes_lines_of_their_own(formatter: logging.Formatter) -> None:
    text = logged(formatter, "a browser reports: %s", "boom\r\n2026-01-01 ERROR forged\u2028\x1b[2J")
    assert text.count("\n") == 1
    assert not {"\r", "\x1b"} & set(text)


def test_a_badly_written_log_call_harms_nobody() -> None:
    assert "3 things" in logged(MaskedFormatter(), "%d things", "3 things")


def test_each_line_carries_its_request() -> None:
    with context.serving("10.0.0.1", "r-42"):
        line = json.loads(logged(JsonFormatter(), "done"))
    assert (line["request_id"], line["message"], line["level"]) == ("r-42", "done", "ERROR")
