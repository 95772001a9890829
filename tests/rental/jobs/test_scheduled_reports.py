"""Reports are e-mailed again and again: each time once, missed times once together (docs/domains/rental.md)."""

import csv
import io
from typing import Any

import openpyxl
import pypdf
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.attachments.queries import attachments
from lattis_app.core import jobs
from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Forbidden, Invalid
from lattis_app.core.names import JobName
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Message
from lattis_app.rental.jobs import send_scheduled_reports
from lattis_app.rental.models import RentalReportSchedule
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.schemas.report_schedules import ReportScheduleChanges, ReportScheduleEntry
from lattis_app.rental.services import invoices, payments, report_schedules
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import make_delivery_order

ENTRY = {
    "report": "invoices-period-sales",
    "frequency": "daily",
    "period": "yesterday",
    "hour": 8,
    "file_kind": "csv",
    "recipients": "ada@example.com, bob@example.com",
}


def make(session: Session, **more: Any) -> RentalReportSchedule:
    entry = ReportScheduleEntry.model_validate(ENTRY | more)
    made = report_schedules.create(session, SYSTEM, entry)
    session.flush()
    return made


def run(session: Session, clock) -> dict[str, int]:
    return send_scheduled_reports(session, SYSTEM, clock.now())


def letters(session: Session) -> list[Message]:
    return list(
        session.scalars(select(Message).where(text("kind = 'report'")).order_by(text("created_at, address")))
    )


def file_of(session: Session, letter: Message) -> tuple[str, bytes]:
    (kept,) = attachments.list_for(session, SYSTEM, "MESSAGE", letter.id)
    return kept.file_name, attachments.content(session, SYSTEM, kept.id).data


@pytest.fixture
def sold(session: Session, clock) -> None:
    """350.00 invoiced on Monday 16 March 2026, 10:00 in Kuala Lumpur; 100.00 of it paid."""
    invoice = invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id)
    session.flush()
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount="100.00"))
    session.flush()


def test_a_daily_report_of_the_day_before_goes_to_each_address_once(session, clock, sold) -> None:
    make(session)
    assert run(session, clock) == {"sent": 0, "failed": 0}
    clock.advance(hours=22)
    assert run(session, clock) == {"sent": 2, "failed": 0}
    assert run(session, clock) == {"sent": 0, "failed": 0}
    first, second = letters(session)
    assert (first.address, second.address) == ("ada@example.com", "bob@example.com")
    assert first.subject == "Sales by period, 16 Mar 2026"
    for words in (
        "Sales by period, 16 Mar 2026\nWhat was invoiced each day",
        "Invoices: 1\n", "Total (RM): 350.00\n", "invoices-period-sales-2026-03-17.csv",
        "http://localhost:3000/rental/reports/invoices-period-sales?from=2026-03-16&to=2026-03-16",
        "every day at 08:00 because Lattis asked for it",
    ):  # fmt: skip
        assert words in first.body
    name, content = file_of(session, first)
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (name, row["period"], row["total"]) == (
        "invoices-period-sales-2026-03-17.csv",
        "2026-03-16",
        "350.00",
    )


def test_missed_times_are_made_up_for_once(session, clock, sold) -> None:
    schedule = make(session, recipients=["ada@example.com"])
    clock.advance(days=5)
    assert (run(session, clock)["sent"], run(session, clock)["sent"]) == (1, 0)
    (letter,) = letters(session)
    assert letter.subject == "Sales by period, 20 Mar 2026"
    assert schedule.next_due_at.isoformat() == "2026-03-22T00:00:00+00:00"


@pytest.mark.parametrize(
    ("frequency", "period", "days", "subject"),
    [
        ("weekly", "last_week", 7, "Sales by period, 16 Mar 2026 – 22 Mar 2026"),
        ("monthly", "last_month", 16, "Sales by period, 1 Mar 2026 – 31 Mar 2026"),
    ],
)
def test_a_week_and_a_month_are_whole(session, clock, sold, frequency, period, days, subject) -> None:
    make(session, frequency=frequency, period=period)
    clock.advance(days=days - 1)
    assert run(session, clock)["sent"] == 0
    clock.advance(days=1)
    assert run(session, clock)["sent"] == 2
    assert letters(session)[0].subject == subject


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_report_goes_as_the_file_that_was_chosen(session, clock, sold, kind: str) -> None:
    make(session, report="customers-ageing", file_kind=kind)
    clock.advance(hours=22)
    run(session, clock)
    letter = letters(session)[0]
    assert letter.subject == "Ageing, as of 17 Mar 2026"
    name, content = file_of(session, letter)
    if kind == "pdf":
        shown = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    else:
        rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        shown = " ".join(str(value) for row in rows for value in row)
    assert (name, "ABC Construction" in shown, "250" in shown) == (
        f"customers-ageing-2026-03-17.{kind}",
        True,
        True,
    )


def test_what_is_asked_of_the_report_is_asked_every_time_and_old_days_are_not(session, clock, sold) -> None:
    asked = {"granularity": "monthly", "from": "2020-01-01", "to": "2020-01-02"}
    schedule = make(session, asked=asked)
    assert schedule.asked == {"granularity": "monthly"}
    clock.advance(hours=22)
    run(session, clock)
    assert "granularity=monthly&from=2026-03-16" in letters(session)[0].body


def test_a_report_that_fails_says_why_and_holds_up_no_other(session, clock, sold, monkeypatch) -> None:
    monkeypatch.setattr(report_schedules, "LARGEST_FILE", 200)
    large, small = make(session, report="summary", period="last_month"), make(session)
    clock.advance(hours=22)
    assert run(session, clock) == {"sent": 2, "failed": 1}
    assert large.last_error.startswith("The file is larger than 10 MB")
    assert (small.last_error, small.last_sent_at, large.last_sent_at) == ("", clock.now(), None)
    assert large.next_due_at > clock.now()


def test_a_pause_is_not_made_up_for(session, clock, sold) -> None:
    schedule = make(session)
    report_schedules.update(session, SYSTEM, schedule.id, ReportScheduleChanges(active=False))
    clock.advance(days=3)
    assert run(session, clock)["sent"] == 0
    report_schedules.update(session, SYSTEM, schedule.id, ReportScheduleChanges(active=True))
    assert run(session, clock)["sent"] == 0
    clock.advance(days=1)
    assert run(session, clock)["sent"] == 2


def test_a_look_at_what_would_be_sent_sends_nothing(session, clock, admin, sold) -> None:
    schedule = make(session)
    due = schedule.next_due_at
    clock.advance(hours=22)
    name = JobName.RENTAL_SEND_SCHEDULED_REPORTS
    looked = jobs.run_now(session, admin, name, preview=True)
    session.refresh(schedule)
    assert (jobs.JOBS[name].cron, looked.result) == ("0 * * * *", {"sent": 2, "failed": 0})
    assert (letters(session), schedule.next_due_at, schedule.last_sent_at) == ([], due, None)
    assert jobs.run_now(session, admin, name).result == {"sent": 2, "failed": 0}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"report": "secrets"}, "report"),
        ({"asked": {"colour": "red"}}, "asked"),
        ({"asked": {"granularity": "hourly"}}, "granularity"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(
    session, clock, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make(session, **wrong)
    assert refused.value.details["field"] == field
    assert session.scalars(select(RentalReportSchedule)).all() == []


def test_only_who_may_schedule_reports_does(session, clock) -> None:
    with pytest.raises(Forbidden):
        report_schedules.create(
            session, make_actor(session, Role.DRIVER), ReportScheduleEntry.model_validate(ENTRY)
        )
    assert session.scalars(select(RentalReportSchedule)).all() == []
