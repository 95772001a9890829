"""Recurring work: each firing claims its (job, slot) row once, whichever process fires first.

A job asks "which periods have ended and are not done", so a missed night is caught up and a second run changes
nothing. Contract: api.md, "Jobs".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from procrastinate import PsycopgConnector
from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from lattis_app.core import clock, context, queue
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as
from lattis_app.core.db import application_url, columns, unit_of_work
from lattis_app.core.errors import NotFound
from lattis_app.core.names import JobName

logger = logging.getLogger(__name__)
RUN = "lattis.run_job"
Work = Callable[[Session, Actor, datetime], dict[str, Any]]


class JobRun(SQLModel, table=True):
    """One run of one job; the slot is the moment it was due."""

    __tablename__ = "job_runs"
    __table_args__ = (
        UniqueConstraint("job", "slot", name="uq_job_runs_slot"),
        Index("ix_job_runs_job_claimed_at", "job", "claimed_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    job: str = Field(max_length=80)
    slot: str = Field(max_length=80)
    as_of: datetime
    preview: bool = False
    requested_by: str = Field(default="", max_length=200)
    status: str = Field(default="claimed", max_length=12)
    claimed_at: datetime = Field(default_factory=clock.now)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    duration_ms: int | None = None
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    error: str = Field(default="", max_length=2000)


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A named piece of recurring work and when it is due, in the business's time zone."""

    name: JobName
    cron: str
    title: str
    work: Work

    def trigger(self) -> CronTrigger:
        """The schedule as APScheduler reads it."""
        return CronTrigger.from_crontab(self.cron, timezone=clock.business_zone())


JOBS: dict[str, JobSpec] = {}


class _Preview(Exception):
    """Carries a preview's result out of the transaction that is thrown away."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result


def job(name: JobName, *, cron: str) -> Callable[[Work], Work]:
    """Register recurring work; the docstring's first line is its title. Times are the business's."""

    def register(work: Work) -> Work:
        JOBS[name] = JobSpec(name, cron, (work.__doc__ or name).strip().splitlines()[0], work)
        return work

    return register


def claim(
    name: str, slot: str, *, as_of: datetime, preview: bool = False, requested_by: str = ""
) -> UUID | None:
    """Claim one firing and hand it to the queue; None when another process was faster."""
    if name not in JOBS:
        raise NotFound(f"There is no job called {name}", entity="job", id=name)
    with unit_of_work() as session:
        run_id = session.execute(
            insert(JobRun)
            .values(
                id=uuid4(),
                job=name,
                slot=slot,
                as_of=as_of,
                preview=preview,
                requested_by=requested_by,
                status="claimed",
                claimed_at=clock.now(),
                error="",
            )
            .on_conflict_do_nothing(constraint="uq_job_runs_slot")
            .returning(columns(JobRun).id)
        ).scalar()
        if run_id is not None:
            queue.defer(session, RUN, lock=name, run_id=str(run_id))
        return run_id


def run_now(name: str, actor: Actor, *, as_of: datetime | None = None, preview: bool = False) -> JobRun:
    """Run a job at once and wait for it; a preview is computed in a transaction that is thrown away."""
    moment = as_of or clock.now()
    if name not in JOBS:
        raise NotFound(f"There is no job called {name}", entity="job", id=name)
    with unit_of_work() as session:
        run = JobRun(
            job=name, slot=f"manual {uuid4()}", as_of=moment, preview=preview, requested_by=actor.name
        )
        session.add(run)
    return execute(run.id)


@queue.task(RUN)
def run_claimed(run_id: str) -> None:
    """Run a claimed firing from the queue."""
    execute(UUID(run_id))


def execute(run_id: UUID) -> JobRun:
    """Do the work of one run and write down how it went; a failed run raises after noting it."""
    with unit_of_work() as session:
        run = session.get_one(JobRun, run_id, with_for_update=True)
        if run.status == "done":
            return run
        run.status, run.started_at = "running", clock.now()
    started = time.perf_counter()
    try:
        outcome = {"status": "done", "result": _work(run), "error": ""}
    except Exception as error:
        _finish(run_id, started, {"status": "failed", "error": f"{type(error).__name__}: {error}"[:2000]})
        raise
    return _finish(run_id, started, outcome)


def _work(run: JobRun) -> dict[str, Any]:
    try:
        with context.serving(request_id=run.id.hex), unit_of_work() as session:
            act_as(session, SYSTEM)
            result = JOBS[run.job].work(session, SYSTEM, run.as_of)
            if run.preview:
                raise _Preview(result)
            return result
    except _Preview as preview:
        return preview.result


def _finish(run_id: UUID, started: float, outcome: dict[str, Any]) -> JobRun:
    with unit_of_work() as session:
        run = session.get_one(JobRun, run_id)
        for key, value in outcome.items():
            setattr(run, key, value)
        run.finished_at = clock.now()
        run.duration_ms = round((time.perf_counter() - started) * 1000)
        return run


def build_scheduler() -> AsyncIOScheduler:
    """The recurring schedule of this process; every process may run one, since a firing is claimed."""
    scheduler = AsyncIOScheduler(timezone=clock.business_zone())
    for spec in JOBS.values():
        scheduler.add_job(
            _fire,
            spec.trigger(),
            args=[spec.name],
            id=spec.name,
            coalesce=True,
            misfire_grace_time=3600,
            max_instances=1,
        )
    return scheduler


async def _fire(name: str) -> None:
    moment = clock.now().replace(second=0, microsecond=0)
    await asyncio.to_thread(claim, name, moment.isoformat(), as_of=moment)


async def run_worker(stop: asyncio.Event | None = None) -> None:
    """Run the schedule and the queue worker until `stop` is set (or forever)."""
    scheduler = build_scheduler()
    scheduler.start()
    url = make_url(application_url()).set(drivername="postgresql").render_as_string(hide_password=False)
    app = queue.build_app(PsycopgConnector(conninfo=url, min_size=1, max_size=4))
    try:
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    concurrency=2,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                    fetch_job_polling_interval=2.0,
                )
            )
            waiting = [worker] if stop is None else [worker, asyncio.create_task(stop.wait())]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pending in waiting:
                    pending.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
    finally:
        scheduler.shutdown(wait=False)
