"""When a customer is reminded of an invoice."""

from __future__ import annotations

from datetime import date

STEPS = (-3, 0, 3, 7, 14)
"""Days after an invoice is due; once each."""
LONGEST_LATE = 21
"""Whoever has not paid by then gets no letter any more but a call."""


def step_reached(due_on: date, today: date) -> int | None:
    """The latest step that has come; one that was missed counts until the next comes."""
    late = (today - due_on).days
    reached = [step for step in STEPS if step <= late]
    return reached[-1] if reached and late <= LONGEST_LATE else None
