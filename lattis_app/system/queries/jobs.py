"""Looking at recurring jobs, their runs and failed deliveries."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.events import EventDelivery, EventRow
from lattis_app.core.jobs import FAILED, JOBS, JobRun, next_due
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.system.schemas.jobs import DeliveryOut, JobOut, RunFilters, RunOut

J, E, D = columns(JobRun), columns(EventRow), columns(EventDelivery)
RUNS = select(*J)
LATEST = (
    select(J.job, J.claimed_at, J.status, J.duration_ms)
    .where(~J.preview)
    .ext(distinct_on(J.job))
    .order_by(J.job, J.claimed_at.desc())
)
UNDELIVERED = (
    select(
        D.event_id,
        E.name.label("event"),
        E.entity,
        E.entity_id,
        E.occurred_at,
        D.subscriber,
        D.failed_at,
        D.attempts,
        D.error,
    )
    .join_from(EventDelivery, EventRow)
    .where(D.delivered_at.is_(None))
)


@requires(Permission.PLATFORM_JOBS_READ)
def every(session: Session, actor: Actor) -> list[JobOut]:
    """All jobs with their schedule and their last run."""
    latest = {row.job: row for row in session.execute(LATEST)}
    now = clock.now()
    jobs = []
    for name, spec in sorted(JOBS.items()):
        last = latest.get(name)
        jobs.append(
            JobOut(
                name=name,
                title=spec.title,
                schedule=spec.cron,
                time_zone=str(clock.business_zone(spec.zone)),
                next_due_at=next_due(spec, now),
                last_run_at=last.claimed_at if last else None,
                last_status=last.status if last else None,
                last_duration_ms=last.duration_ms if last else None,
            )
        )
    return jobs


@requires(Permission.PLATFORM_JOBS_READ)
def runs(session: Session, actor: Actor, filters: RunFilters, request: PageRequest) -> Page[RunOut]:
    """List runs of jobs, the latest first. Sorts: claimed_at, duration_ms."""
    statement = RUNS
    if filters.q:
        statement = statement.where(J.job.icontains(filters.q, autoescape=True))
    if filters.job:
        statement = statement.where(J.job == filters.job)
    if filters.status:
        statement = statement.where(J.status == filters.status)
    if filters.preview is not None:
        statement = statement.where(J.preview == filters.preview)
    sorts = {"claimed_at": J.claimed_at, "duration_ms": J.duration_ms}
    ordered = sorted_by(statement, request.sort, sorts, "-claimed_at", J.id)
    return paginate(session, ordered, request).map(lambda row: RunOut(**row._mapping))


@requires(Permission.PLATFORM_JOBS_READ)
def failed_deliveries(session: Session, actor: Actor, request: PageRequest) -> Page[DeliveryOut]:
    """List events that a subscriber has not taken, the latest failure first. Sorts: failed_at."""
    ordered = sorted_by(UNDELIVERED, request.sort, {"failed_at": D.failed_at}, "-failed_at", D.event_id)
    return paginate(session, ordered, request).map(lambda row: DeliveryOut(**row._mapping))


@requires(Permission.PLATFORM_JOBS_READ)
def failures(session: Session, actor: Actor) -> int:
    """How many jobs failed in their last run, and how many events did not reach everybody."""
    latest = LATEST.subquery()
    failed = select(func.count()).select_from(latest).where(latest.c.status == FAILED)
    undelivered = select(func.count()).select_from(EventDelivery).where(D.delivered_at.is_(None))
    return session.execute(failed).scalar_one() + session.execute(undelivered).scalar_one()
