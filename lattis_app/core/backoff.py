"""How long to wait before something outside is tried again (standardwebhooks.com, "Retry schedule")."""

from __future__ import annotations

from datetime import timedelta

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first, second, … attempt; after the last there is none."""


def wait_after(attempts: int, most: int = len(WAITS)) -> timedelta | None:
    """How long to wait after so many failed attempts; None once `most` waits are over."""
    return WAITS[attempts - 1] if attempts <= most else None
