"""The product's clock as it is read and moved."""

from __future__ import annotations

from datetime import datetime

from lattis_app.core.schemas import Entry, Out, ServiceMoment


class ClockEntry(Entry):
    """To which moment a demonstration jumps; none means back to real time."""

    now: ServiceMoment | None = None


class ClockOut(Out):
    """What time it is for the product, and how far that is from real time."""

    now: datetime
    moved_by_seconds: int
    movable: bool
