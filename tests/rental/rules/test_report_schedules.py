"""When a scheduled report is sent, and the days it is about (docs/domains/rental.md, "Reports")."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lattis_app.rental.rules.report_schedules import ReportFrequency as F
from lattis_app.rental.rules.report_schedules import ReportPeriod as P
from lattis_app.rental.rules.report_schedules import days_of, last_due, next_due

ZONE = ZoneInfo("Asia/Kuala_Lumpur")


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("frequency", "now", "last", "following"),
    [
        (F.DAILY, "2026-03-16T08:00", "2026-03-16T08:00", "2026-03-17T08:00"),
        (F.DAILY, "2026-03-16T07:59", "2026-03-15T08:00", "2026-03-16T08:00"),
        (F.WEEKLY, "2026-03-16T08:00", "2026-03-16T08:00", "2026-03-23T08:00"),
        (F.WEEKLY, "2026-03-15T23:00", "2026-03-09T08:00", "2026-03-16T08:00"),
        (F.MONTHLY, "2026-03-01T07:00", "2026-02-01T08:00", "2026-03-01T08:00"),
        (F.MONTHLY, "2026-01-31T09:00", "2026-01-01T08:00", "2026-02-01T08:00"),
        (F.MONTHLY, "2026-12-31T23:59", "2026-12-01T08:00", "2027-01-01T08:00"),
    ],
)
def test_a_report_comes_at_its_hour_of_the_business(
    frequency: F, now: str, last: str, following: str
) -> None:
    moment = local(now).astimezone(UTC)
    assert last_due(frequency, 8, ZONE, moment) == local(last)
    assert next_due(frequency, 8, ZONE, moment) == local(following)


@pytest.mark.parametrize(
    ("period", "sent_on", "since", "until"),
    [
        (P.YESTERDAY, date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
        (P.LAST_WEEK, date(2026, 3, 16), date(2026, 3, 9), date(2026, 3, 15)),
        (P.LAST_WEEK, date(2026, 3, 22), date(2026, 3, 9), date(2026, 3, 15)),
        (P.LAST_WEEK, date(2026, 1, 1), date(2025, 12, 22), date(2025, 12, 28)),
        (P.LAST_MONTH, date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        (P.LAST_MONTH, date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_report_is_about_the_days_before_it_is_sent(
    period: P, sent_on: date, since: date, until: date
) -> None:
    assert days_of(period, sent_on) == (since, until)
