"""Recurring work: each firing claims its (job, slot) row once, whichever process fires first.

A job asks "which periods have ended and are not done", so a missed night is caught up and a second run changes
nothing. Contract: api.md, "Jobs".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from procrastinate import App, PsycopgConnector
from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlmodel import Field

from lattis_app.core import clock, context, queue
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as, acting
from lattis_app.core.db import Row, advisory_lock, application_url, columns, unit_of_work
from lattis_app.core.errors import NotFound
from lattis_app.core.names import JobName

logger = logging.getLogger(__name__)
RUN = "lattis.run_job"
CLAIMED, RUNNING, DONE, FAILED = "claimed", "running", "done", "failed"
LOOKBACKS = tuple(timedelta(days=days) for days in (0.1, 1, 8, 32, 367))
PAUSE = 5
RESCUE_EVERY = 20
CONCURRENCY = {queue.OFFICE: 2, queue.OUTSIDE: 4}
Work = Callable[[Session, Actor, datetime], dict[str, Any]]


class JobRun(Row, table=True):
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
    status: str = Field(default=CLAIMED, max_length=12)
    claimed_at: datetime = Field(default_factory=clock.now)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    duration_ms: int | None = None
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    error: str = Field(default="", max_length=2000)


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A named piece of recurring work and when it is due, in its business's time zone.

    Work that commits in steps of its own has a `preview` beside it, since it could not be taken back.
    """

    name: JobName
    cron: str
    title: str
    work: Work
    zone: str | None = None
    preview: Work | None = None

    def trigger(self) -> CronTrigger:
        """The schedule as APScheduler reads it."""
        return CronTrigger.from_crontab(self.cron, timezone=clock.business_zone(self.zone))


JOBS: dict[str, JobSpec] = {}


class _Preview(Exception):
    """Carries a preview's result out of the transaction that is thrown away."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result


def job(
    name: JobName, *, cron: str, zone: str | None = None, preview: Work | None = None
) -> Callable[[Work], Work]:
    """Register recurring work; the docstring's first line is its title. Times are those of the business's `zone`."""

    def register(work: Work) -> Work:
        title = (work.__doc__ or name).strip().splitlines()[0]
        JOBS[name] = JobSpec(name, cron, title, work, zone, preview)
        return work

    return register


def spec_of(name: str) -> JobSpec:
    """The job of this name, or NotFound."""
    if name not in JOBS:
        raise NotFound(f"There is no job called {name}", entity="job", id=name)
    return JOBS[name]


def claim(
    name: str, slot: str, *, as_of: datetime, preview: bool = False, requested_by: str = ""
) -> UUID | None:
    """Claim one firing and hand it to the queue; None when another process was faster."""
    spec_of(name)
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
                status=CLAIMED,
                claimed_at=clock.now(),
                error="",
            )
            .on_conflict_do_nothing(constraint="uq_job_runs_slot")
            .returning(columns(JobRun).id)
        ).scalar()
        if run_id is not None:
            queue.defer(session, RUN, lock=name, run_id=str(run_id))
        return run_id


def run_now(
    session: Session, actor: Actor, name: str, *, as_of: datetime | None = None, preview: bool = False
) -> JobRun:
    """Run a job at once, in this transaction. What a preview or a failed run changed is taken back."""
    now = clock.now()
    run = JobRun(
        job=spec_of(name).name,
        slot=f"manual {uuid4()}",
        as_of=as_of or now,
        preview=preview,
        requested_by=actor.name,
        status=RUNNING,
        claimed_at=now,
        started_at=now,
    )
    session.add(run)
    session.flush()
    started = time.perf_counter()
    try:
        return _note(run, started, DONE, result=_work(session, run))
    except Exception as error:
        logger.exception("job %s failed", name)
        return _note(run, started, FAILED, error=error)


@queue.task(RUN)
def run_claimed(run_id: str) -> None:
    """Run a claimed firing from the queue. A failed run is noted, then raises, so that the queue tries again."""
    claimed = UUID(run_id)
    if not _start(claimed):
        return
    started = time.perf_counter()
    try:
        with context.serving(request_id=claimed.hex), unit_of_work() as session:
            run = session.get_one(JobRun, claimed, with_for_update=True)
            _note(run, started, DONE, result=_work(session, run))
    except Exception as error:
        with unit_of_work() as session:
            _note(session.get_one(JobRun, claimed), started, FAILED, error=error)
        raise


def _start(run_id: UUID) -> bool:
    with unit_of_work() as session:
        run = session.get_one(JobRun, run_id, with_for_update=True)
        if run.status == DONE:
            return False
        run.status, run.started_at = RUNNING, clock.now()
        return True


def _work(session: Session, run: JobRun) -> dict[str, Any]:
    """What the job counted. One run of a job at a time, whoever started it."""
    advisory_lock(session, f"job {run.job}")
    person = acting(session)
    act_as(session, SYSTEM)
    spec = spec_of(run.job)
    try:
        with session.begin_nested():
            work = spec.preview if run.preview and spec.preview else spec.work
            result = work(session, SYSTEM, run.as_of)
            session.flush()
            if run.preview:
                raise _Preview(result)
            return result
    except _Preview as preview:
        return preview.result
    finally:
        act_as(session, person)


def _note(
    run: JobRun,
    started: float,
    status: str,
    result: dict[str, Any] | None = None,
    error: Exception | None = None,
) -> JobRun:
    run.status, run.result, run.finished_at = status, result, clock.now()
    run.error = f"{type(error).__name__}: {error}"[:2000] if error else ""
    run.duration_ms = round((time.perf_counter() - started) * 1000)
    return run


def last_due(spec: JobSpec, moment: datetime) -> datetime:
    """The latest time at or before a moment at which a job was due: the slot its firing claims."""
    trigger = spec.trigger()
    for lookback in LOOKBACKS:
        last: datetime | None = None
        due: datetime | None = trigger.get_next_fire_time(None, moment - lookback)
        while due is not None and due <= moment:
            last, due = due, trigger.get_next_fire_time(due, due)
        if last is not None:
            return last.astimezone(UTC)
    raise ValueError(f"{spec.name} is due less than once a year: {spec.cron}")


def next_due(spec: JobSpec, moment: datetime) -> datetime | None:
    """When a job is due after a moment."""
    due: datetime | None = spec.trigger().get_next_fire_time(moment, moment)
    return due.astimezone(UTC) if due else None


def fire(name: str) -> UUID | None:
    """Claim the slot of a job that was due last, unless that is done already."""
    slot = last_due(spec_of(name), clock.now())
    return claim(name, slot.isoformat(), as_of=slot)


def catch_up() -> None:
    """Claim what came due while no process was running."""
    for name in JOBS:
        fire(name)


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
    await asyncio.to_thread(fire, name)


async def run_worker(stop: asyncio.Event | None = None) -> None:
    """Run the schedule and the queue worker until `stop` is set (or forever), whatever the database does."""
    stop = stop or asyncio.Event()
    scheduler = build_scheduler()
    scheduler.start()
    try:
        while not stop.is_set():
            try:
                await asyncio.to_thread(catch_up)
                await _work_queue(stop)
            except Exception:
                logger.exception("the queue worker stopped; it starts again in %s seconds", PAUSE)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), PAUSE)
    finally:
        scheduler.shutdown(wait=False)


async def _work_queue(stop: asyncio.Event) -> None:
    url = make_url(application_url()).set(drivername="postgresql").render_as_string(hide_password=False)
    app = queue.build_app(PsycopgConnector(conninfo=url, min_size=1, max_size=6))
    async with app.open_async():
        tasks = [
            *(
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[name],
                        concurrency=concurrency,
                        install_signal_handlers=False,
                        delete_jobs="successful",
                        shutdown_graceful_timeout=10,
                        fetch_job_polling_interval=2.0,
                    )
                )
                for name, concurrency in CONCURRENCY.items()
            ),
            asyncio.create_task(_rescue(app)),
            asyncio.create_task(stop.wait()),
        ]
        try:
            finished, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _rescue(app: App) -> None:
    """Put back what a worker that died was doing; its lock would hold up everything of the same name."""
    while True:
        for stalled in await app.job_manager.get_stalled_jobs():
            logger.warning("job %s of a worker that died is tried again", stalled.id)
            await app.job_manager.retry_job(stalled)
        await asyncio.sleep(RESCUE_EVERY)
