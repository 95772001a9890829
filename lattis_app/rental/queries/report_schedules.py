"""Finding scheduled reports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalReportSchedule
from lattis_app.rental.queries.reports.catalog import REPORTS, Report
from lattis_app.rental.schemas.report_schedules import ReportScheduleFilters, ReportScheduleOut

S = columns(RentalReportSchedule)
SHOWN: Select[Any] = select(
    *S.values(),
    case((~S.active, "paused"), (S.last_error != "", "failing"), else_="active").label("status"),
)
SORTS = {"created_at": S.created_at, "next_due_at": S.next_due_at}


@requires(Permission.RENTAL_REPORTS_SCHEDULE)
def page(
    session: Session, actor: Actor, filters: ReportScheduleFilters, request: PageRequest
) -> Page[ReportScheduleOut]:
    """List scheduled reports, the latest first. Sorts: created_at, next_due_at."""
    statement = SHOWN if filters.active is None else SHOWN.where(S.active == filters.active)
    if filters.q:
        titled = [each.slug for each in REPORTS if filters.q.lower() in each.title.lower()]
        addresses = func.array_to_string(S.recipients, " ")
        statement = statement.where(
            or_(S.report.in_(titled), addresses.icontains(filters.q, autoescape=True))
        )
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", S.id)
    return paginate(session, ordered, request).map(_shown)


@requires(Permission.RENTAL_REPORTS_SCHEDULE)
def find(session: Session, actor: Actor, schedule_id: UUID) -> ReportScheduleOut:
    """One scheduled report, or NotFound."""
    row = session.execute(SHOWN.where(S.id == schedule_id)).one_or_none()
    if row is None:
        raise NotFound.record("Scheduled report", schedule_id)
    return _shown(row)


def _shown(row: Row[Any]) -> ReportScheduleOut:
    return ReportScheduleOut(**row._mapping, title=Report.named(row.report).title)
