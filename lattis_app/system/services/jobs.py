"""Running a job by hand, and delivering an event again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import events
from lattis_app.core import jobs as core_jobs
from lattis_app.core.actors import Actor
from lattis_app.core.audit import record_action
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound, PreconditionFailed
from lattis_app.core.events import EventDelivery
from lattis_app.core.jobs import JobRun
from lattis_app.identity.permissions import Permission, requires
from lattis_app.system.schemas.jobs import RunEntry

D = columns(EventDelivery)


class NothingToDeliver(PreconditionFailed):
    """Every subscriber has taken the event."""


@requires(Permission.PLATFORM_JOBS_MANAGE)
def run(session: Session, actor: Actor, name: str, entry: RunEntry) -> JobRun:
    """Run a job at once and answer how it went; a preview, or a run that fails, changes nothing."""
    ran = core_jobs.run_now(session, actor, name, as_of=entry.as_of, preview=entry.preview)
    record_action(
        session, "job_runs", ran.id, "previewed" if entry.preview else "run", after={"job": name}, label=name
    )
    return ran


@requires(Permission.PLATFORM_JOBS_MANAGE)
def replay(session: Session, actor: Actor, event_id: UUID) -> None:
    """Deliver an event again to the subscribers that failed to take it; the others are left in peace."""
    deliveries = session.execute(select(D.delivered_at).where(D.event_id == event_id)).all()
    if not deliveries:
        raise NotFound.record("Event delivery", event_id)
    if all(row.delivered_at for row in deliveries):
        raise NothingToDeliver("Every subscriber has taken this event")
    record_action(session, "events", event_id, "replayed")
    events.deliver_again(session, event_id)
