"""Scheduled reports over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import report_schedules as queries
from lattis_app.rental.schemas.report_schedules import (
    ReportScheduleChanges,
    ReportScheduleEntry,
    ReportScheduleFilters,
    ReportScheduleOut,
    ReportsSentOut,
)
from lattis_app.rental.services import report_schedules
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Reports")


@routes.get("/report-schedules", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[ReportScheduleFilters, Query()], request: PageParams
) -> Page[ReportScheduleOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/report-schedules", report_schedules.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: ReportScheduleEntry) -> ReportScheduleOut:
    schedule = report_schedules.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, schedule.id)


@routes.get("/report-schedules/{schedule_id}", queries.find)
def find(session: Session, actor: Actor, schedule_id: UUID) -> ReportScheduleOut:
    return queries.find(session, actor, schedule_id)


@routes.patch("/report-schedules/{schedule_id}", report_schedules.update)
def update(
    session: Session, actor: Actor, schedule_id: UUID, changes: ReportScheduleChanges
) -> ReportScheduleOut:
    report_schedules.update(session, actor, schedule_id, changes)
    session.flush()
    return queries.find(session, actor, schedule_id)


@routes.delete("/report-schedules/{schedule_id}", report_schedules.remove)
def remove(session: Session, actor: Actor, schedule_id: UUID) -> ReportScheduleOut:
    gone = queries.find(session, actor, schedule_id)
    report_schedules.remove(session, actor, schedule_id)
    return gone


@routes.post("/report-schedules/{schedule_id}/send", report_schedules.send_now, idempotent=True)
def send(session: Session, actor: Actor, schedule_id: UUID) -> ReportsSentOut:
    return ReportsSentOut(sent=report_schedules.send_now(session, actor, schedule_id))
