"""When a scheduled report is sent, and which days it is about then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LONGEST_WAIT = 32


class ReportFrequency(StrEnum):
    """How often a report is sent: every day, every Monday, or on the first of every month."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ReportPeriod(StrEnum):
    """The days that a report is about, seen from the day it is sent."""

    YESTERDAY = "yesterday"
    LAST_WEEK = "last_week"
    LAST_MONTH = "last_month"


class ReportFile(StrEnum):
    """As which file a report is sent."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


def next_due(frequency: ReportFrequency, hour: int, zone: ZoneInfo, moment: datetime) -> datetime:
    """The first time after a moment: every day, every Monday, or every first of a month, at an hour of the zone."""
    day = moment.astimezone(zone).date()
    for ahead in range(LONGEST_WAIT):
        at = _at(day + ahead * DAY, hour, zone)
        if at > moment and _is_on(frequency, day + ahead * DAY):
            return at
    raise AssertionError("every frequency comes once a month")


def last_due(frequency: ReportFrequency, hour: int, zone: ZoneInfo, moment: datetime) -> datetime:
    """The latest time at or before a moment; earlier ones that were missed are not made up for."""
    day = moment.astimezone(zone).date()
    for back in range(LONGEST_WAIT):
        at = _at(day - back * DAY, hour, zone)
        if at <= moment and _is_on(frequency, day - back * DAY):
            return at
    raise AssertionError("every frequency comes once a month")


def days_of(period: ReportPeriod, sent_on: date) -> tuple[date, date]:
    """The first and last day that a report sent on a day is about; weeks begin on Monday."""
    match period:
        case ReportPeriod.YESTERDAY:
            return sent_on - DAY, sent_on - DAY
        case ReportPeriod.LAST_WEEK:
            monday = sent_on - sent_on.weekday() * DAY
            return monday - 7 * DAY, monday - DAY
        case ReportPeriod.LAST_MONTH:
            last = sent_on.replace(day=1) - DAY
            return last.replace(day=1), last


def _is_on(frequency: ReportFrequency, day: date) -> bool:
    match frequency:
        case ReportFrequency.DAILY:
            return True
        case ReportFrequency.WEEKLY:
            return day.weekday() == 0
        case ReportFrequency.MONTHLY:
            return day.day == 1


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
