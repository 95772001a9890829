"""The one clock. Services ask it; tests freeze it; a demo may move it (contract: api.md, "Clock")."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lattis_app.core.settings import settings

_frozen: ContextVar[datetime | None] = ContextVar("lattis_frozen_time", default=None)
_frozen_everywhere: datetime | None = None
_offset = timedelta(0)


def now() -> datetime:
    """This moment, in UTC."""
    return _frozen.get() or _frozen_everywhere or datetime.now(UTC) + _offset


def today(zone: str | None = None) -> date:
    """The business date in its own time zone; never the date in UTC."""
    return now().astimezone(business_zone(zone)).date()


def business_zone(zone: str | None = None) -> ZoneInfo:
    """The time zone that business dates are taken in."""
    return _zone(zone or settings().business_timezone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def start_of(day: date, zone: str | None = None) -> datetime:
    """The first moment of a business date, in UTC."""
    return datetime.combine(day, time.min, business_zone(zone)).astimezone(UTC)


def date_of(moment: datetime, zone: str | None = None) -> date:
    """The business date on which a moment falls."""
    return moment.astimezone(business_zone(zone)).date()


def move_by(offset: timedelta) -> None:
    """Run this process ahead of (or behind) real time, for demonstrations."""
    global _offset
    _offset = offset


def moved_by() -> timedelta:
    """How far this process runs ahead of (or behind) real time."""
    return _offset


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Hold time still at a moment, in this thread of work."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def freeze_everywhere(moment: datetime) -> Iterator[None]:
    """Hold time still in every thread, for tests that start threads or servers."""
    global _frozen_everywhere
    before, _frozen_everywhere = _frozen_everywhere, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen_everywhere = before
