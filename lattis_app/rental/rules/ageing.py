"""How long what a customer owes is overdue, in the buckets that statements and reports share."""

from __future__ import annotations

from datetime import date, timedelta

BUCKETS: dict[str, tuple[int | None, int | None]] = {
    "current": (None, 0),
    "days_1_30": (1, 30),
    "days_31_60": (31, 60),
    "days_61_90": (61, 90),
    "over_90": (91, None),
}
"""The first and last day overdue of each."""


def due_between(bucket: str, today: date) -> tuple[date | None, date | None]:
    """The first and last due date of the invoices in a bucket."""
    least, most = BUCKETS[bucket]
    earliest = None if most is None else today - timedelta(days=most)
    latest = None if least is None else today - timedelta(days=least)
    return earliest, latest
