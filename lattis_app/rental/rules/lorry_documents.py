"""When the office is warned of a lorry's paper."""

from __future__ import annotations

from datetime import date

STEPS = (30, 14, 7, 1)
"""Days before a paper's last day; once each."""
EXPIRED = -1


def step_reached(expires_on: date, today: date) -> int | None:
    """The latest step that has come, EXPIRED after the last day; one that was missed counts until the next comes."""
    left = (expires_on - today).days
    if left < 0:
        return EXPIRED
    return min((step for step in STEPS if left <= step), default=None)
