"""The browser's session cookie: its name, and how it is found in a raw Cookie header."""

from __future__ import annotations

SESSION_COOKIE = "lattis_session"


def session_cookie(header: str) -> str:
    """The session cookie's value in a Cookie header; empty when there is none."""
    found = ""
    for part in header.split(";"):
        name, _, value = part.partition("=")
        if name.strip() == SESSION_COOKIE:
            found = value.strip()
    return found
