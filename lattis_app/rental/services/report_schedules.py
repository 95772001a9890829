"""Sending reports by e-mail again and again."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import advisory_lock, columns, find
from lattis_app.core.errors import DomainError, Invalid, NotFound, PreconditionFailed
from lattis_app.core.schemas import parse
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.services import messages
from lattis_app.rental.documents.reports import totals_of
from lattis_app.rental.models import RentalReportSchedule
from lattis_app.rental.queries.reports import prints
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.rules.report_schedules import (
    ReportFile,
    ReportFrequency,
    ReportPeriod,
    days_of,
    last_due,
    next_due,
)
from lattis_app.rental.schemas.report_schedules import ReportScheduleChanges, ReportScheduleEntry
from lattis_app.rental.schemas.reports.parts import ReportFilters

KIND = "report"
MOST_SCHEDULES = 100
LARGEST_FILE = 10 * 1024 * 1024
DAYS = ("from", "to")
OFTEN = {
    ReportFrequency.DAILY: "every day",
    ReportFrequency.WEEKLY: "every Monday",
    ReportFrequency.MONTHLY: "on the first of every month",
}
S = columns(RentalReportSchedule)
RETIMED = frozenset({"frequency", "hour", "active"})


class TooManySchedules(PreconditionFailed):
    """There are as many as there may be."""


class FileTooLarge(PreconditionFailed):
    """The report does not fit into an e-mail."""


@requires(Permission.RENTAL_REPORTS_SCHEDULE)
def create(session: Session, actor: Actor, entry: ReportScheduleEntry) -> RentalReportSchedule:
    """Send a report from its next time on. Raises Invalid for a report or question that is none, TooManySchedules."""
    report = _report(entry.report)
    asked = {name: value for name, value in entry.asked.items() if name not in DAYS and value}
    unknown = asked.keys() - {field.alias or name for name, field in report.filters.model_fields.items()}
    if unknown:
        raise Invalid.field("asked", f"{report.title} knows no {sorted(unknown)[0]}")
    parse(report.filters, asked)
    advisory_lock(session, "report schedules")
    if session.execute(select(func.count()).select_from(RentalReportSchedule)).scalar_one() >= MOST_SCHEDULES:
        raise TooManySchedules(f"There can be at most {MOST_SCHEDULES} scheduled reports; remove one first")
    schedule = RentalReportSchedule(
        report=report.slug,
        asked=asked,
        frequency=entry.frequency,
        period=entry.period,
        hour=entry.hour,
        file_kind=entry.file_kind,
        recipients=entry.recipients,
        next_due_at=next_due(entry.frequency, entry.hour, clock.business_zone(), clock.now()),
        created_by=actor.name,
    )
    session.add(schedule)
    return schedule


@requires(Permission.RENTAL_REPORTS_SCHEDULE)
def update(
    session: Session, actor: Actor, schedule_id: UUID, changes: ReportScheduleChanges
) -> RentalReportSchedule:
    """Change when and to whom a report is sent, pause it, or go on; what fell into a pause is not made up for."""
    schedule = find(session, RentalReportSchedule, schedule_id, lock=True, kind="Scheduled report")
    given = changes.given()
    for name, value in given.items():
        setattr(schedule, name, value)
    if given.keys() & RETIMED:
        schedule.next_due_at = _next(schedule, clock.now())
    return schedule


@requires(Permission.RENTAL_REPORTS_SCHEDULE)
def remove(session: Session, actor: Actor, schedule_id: UUID) -> None:
    """Send a report no more."""
    session.delete(find(session, RentalReportSchedule, schedule_id, lock=True, kind="Scheduled report"))


@requires(Permission.RENTAL_REPORTS_SCHEDULE)
def send_now(session: Session, actor: Actor, schedule_id: UUID) -> int:
    """Send a report as if it were due now; returns how many e-mails were written. Raises FileTooLarge."""
    schedule = find(session, RentalReportSchedule, schedule_id, lock=True, kind="Scheduled report")
    return _send(session, schedule, clock.now())


def send_due(session: Session, as_of: datetime) -> dict[str, int]:
    """Send every report that is due, each once however many of its times were missed; one that fails says why."""
    due = (
        select(RentalReportSchedule)
        .where(S.active, S.next_due_at <= as_of)
        .order_by(S.next_due_at, S.id)
        .with_for_update(skip_locked=True)
    )
    counts = {"sent": 0, "failed": 0}
    for schedule in session.scalars(due).all():
        slot = last_due(ReportFrequency(schedule.frequency), schedule.hour, clock.business_zone(), as_of)
        schedule.next_due_at = _next(schedule, as_of)
        try:
            with session.begin_nested():
                counts["sent"] += _send(session, schedule, slot)
        except DomainError as refusal:
            schedule.last_error = refusal.message[:500]
            counts["failed"] += 1
    return counts


def _next(schedule: RentalReportSchedule, moment: datetime) -> datetime:
    return next_due(ReportFrequency(schedule.frequency), schedule.hour, clock.business_zone(), moment)


def _report(slug: str) -> Report:
    try:
        return Report.named(slug)
    except NotFound as error:
        raise Invalid.field("report", "is no report") from error


def _send(session: Session, schedule: RentalReportSchedule, slot: datetime) -> int:
    """Write the e-mails of one time; each address gets each time once."""
    report = _report(schedule.report)
    asked = dict(schedule.asked)
    span = days_of(ReportPeriod(schedule.period), clock.date_of(slot))
    if issubclass(report.filters, ReportFilters):
        asked |= {"from": span[0].isoformat(), "to": span[1].isoformat()}
    filters = parse(report.filters, asked)
    file, found = prints.as_file(session, SYSTEM, report, filters, ReportFile(schedule.file_kind))
    if len(file.data) > LARGEST_FILE:
        raise FileTooLarge("The file is larger than 10 MB: choose a shorter period or another format")
    place = f"/rental/reports/{report.slug}?{urlencode(asked, safe=',')}".rstrip("?")
    days = _in_words(found.from_on, found.to_on) or f"as of {clock.today():%-d %b %Y}"
    totals = "\n".join(f"{name}: {value}" for name, value in totals_of(found, settings().business_timezone))
    body = (
        f"{report.title}, {days}\n{report.about}\n\n{totals}\n\nThe whole report is attached: {file.file_name}\n"
        f"In Lattis: {settings().url}{place}\n\nYou get this {OFTEN[ReportFrequency(schedule.frequency)]} at "
        f"{schedule.hour:02}:00 because {schedule.created_by} asked for it.\n"
    )
    written = [
        messages.write(
            session,
            SYSTEM,
            channel=Channel.EMAIL,
            address=address,
            kind=KIND,
            subject=f"{report.title}, {days}",
            body=body,
            link=place[:300],
            cause=f"report/{schedule.id}/{slot.isoformat()}",
            files=[file],
        )
        for address in schedule.recipients
    ]
    schedule.last_sent_at, schedule.last_error = clock.now(), ""
    return sum(each is not None for each in written)


def _in_words(since: date | None, until: date | None) -> str:
    days = dict.fromkeys(f"{each:%-d %b %Y}" for each in (since, until) if each is not None)
    return " – ".join(days)
