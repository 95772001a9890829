"""Recurring work: claimed once, caught up after a missed night, previewed without a trace."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import db, events, jobs
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import acting
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.events import EventRow, record
from lattis_app.core.jobs import JobRun, catch_up, claim, fire, job, last_due, run_claimed, run_now, spec_of
from lattis_app.core.names import JobName
from lattis_app.core.numbering import NumberSeries, take_number
from lattis_app.rental.events import CommissionBecameEligible
from tests.core.worker import make_retries_due, waiting, work_off

NIGHTLY = JobName.LEDGER_CHECK_BALANCES
SLOT = datetime(2026, 3, 15, 22, 0, tzinfo=UTC)
PERSON = Actor(uuid4(), "Aina", "ADMIN")
J = columns(JobRun)
Register = Callable[..., None]


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """The only job, due at 06:00; its effect is a number taken. Put an exception in the list to make it fail."""
    monkeypatch.setattr(jobs, "JOBS", {})
    monkeypatch.setattr(events, "_subscribers", {})
    failures: list[Exception] = []

    @job(NIGHTLY, cron="0 6 * * *")
    def count(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
        """Count the nights."""
        assert (actor, acting(session)) == (SYSTEM, SYSTEM)
        take_number(session, "NIGHT", 1)
        record(session, CommissionBecameEligible(UUID(int=1), "John"))
        if failures:
            raise failures[0]
        return {"counted": 1, "as_of": as_of.isoformat()}

    return failures


def effects() -> int:
    with db.unit_of_work() as session:
        found = session.get(NumberSeries, ("NIGHT", "1"))
        return found.last if found else 0


def runs() -> list[tuple[str, str, str]]:
    with db.unit_of_work() as session:
        return [
            (run.slot, run.status, run.error)
            for run in session.scalars(select(JobRun).order_by(J.claimed_at))
        ]


def test_a_job_is_titled_by_its_docstring(nightly: list[Exception]) -> None:
    assert (spec_of(NIGHTLY).title, spec_of(NIGHTLY).cron) == ("Count the nights.", "0 6 * * *")
    with pytest.raises(NotFound):
        spec_of("rental.make_coffee")


def test_one_slot_is_claimed_once_however_many_processes_fire(
    committed_database: str, nightly: list[Exception]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        claims = list(pool.map(lambda _: claim(NIGHTLY, SLOT.isoformat(), as_of=SLOT), range(20)))
    work_off()
    assert len([run_id for run_id in claims if run_id]) == 1
    assert (effects(), runs()) == (1, [(SLOT.isoformat(), "done", "")])


@pytest.mark.parametrize(
    ("cron", "moment", "due"),
    [
        ("0 6 * * *", datetime(2026, 3, 16, 2, 0, tzinfo=UTC), datetime(2026, 3, 15, 22, 0, tzinfo=UTC)),
        ("0 6 * * *", datetime(2026, 3, 15, 22, 0, tzinfo=UTC), datetime(2026, 3, 15, 22, 0, tzinfo=UTC)),
        (
            "0 6 * * *",
            datetime(2026, 3, 15, 21, 59, 59, tzinfo=UTC),
            datetime(2026, 3, 14, 22, 0, tzinfo=UTC),
        ),
        ("*/5 * * * *", datetime(2026, 3, 16, 2, 4, 59, tzinfo=UTC), datetime(2026, 3, 16, 2, 0, tzinfo=UTC)),
        ("0 6 * * mon", datetime(2026, 3, 22, 0, 0, tzinfo=UTC), datetime(2026, 3, 15, 22, 0, tzinfo=UTC)),
        ("0 6 1 * *", datetime(2026, 3, 31, 0, 0, tzinfo=UTC), datetime(2026, 2, 28, 22, 0, tzinfo=UTC)),
        ("0 6 1 1 *", datetime(2026, 12, 31, 0, 0, tzinfo=UTC), datetime(2025, 12, 31, 22, 0, tzinfo=UTC)),
    ],
)
def test_the_slot_is_the_time_the_job_was_due_however_late_it_fires(
    monkeypatch: pytest.MonkeyPatch, cron: str, moment: datetime, due: datetime
) -> None:
    monkeypatch.setattr(jobs, "JOBS", {})
    job(NIGHTLY, cron=cron)(lambda session, actor, as_of: {})
    assert last_due(spec_of(NIGHTLY), moment) == due


def test_a_missed_night_is_caught_up_once(committed_database: str, nightly: list[Exception], clock) -> None:
    for _ in range(3):
        catch_up()
    clock.advance(hours=3)
    fire(NIGHTLY)
    work_off()
    assert (effects(), runs()) == (1, [("2026-03-15T22:00:00+00:00", "done", "")])
    clock.advance(days=1)
    catch_up()
    work_off()
    assert effects() == 2


def test_a_failed_run_is_noted_takes_back_its_effect_and_is_tried_again(
    committed_database: str, nightly: list[Exception]
) -> None:
    nightly.append(RuntimeError("no paper"))
    claim(NIGHTLY, SLOT.isoformat(), as_of=SLOT)
    work_off()
    assert (effects(), runs()) == (0, [(SLOT.isoformat(), "failed", "RuntimeError: no paper")])

    nightly.clear()
    make_retries_due()
    work_off()
    assert (effects(), runs(), waiting()) == (1, [(SLOT.isoformat(), "done", "")], 0)


def test_a_finished_run_handed_over_again_changes_nothing(
    committed_database: str, nightly: list[Exception]
) -> None:
    run_id = claim(NIGHTLY, SLOT.isoformat(), as_of=SLOT)
    run_claimed(str(run_id))
    run_claimed(str(run_id))
    assert effects() == 1


def test_run_now_answers_what_it_counted(session: Session, nightly: list[Exception], clock) -> None:
    run = run_now(session, PERSON, NIGHTLY, as_of=SLOT)
    assert (run.status, run.result, run.requested_by) == (
        "done",
        {"counted": 1, "as_of": "2026-03-15T22:00:00+00:00"},
        "Aina",
    )
    assert run.slot.startswith("manual ")
    assert (run.finished_at, run.duration_ms is not None) == (clock.now(), True)
    assert effects() == 1


def test_a_preview_counts_and_changes_nothing(committed_database: str, nightly: list[Exception]) -> None:
    with db.unit_of_work() as session:
        run = run_now(session, PERSON, NIGHTLY, as_of=SLOT, preview=True)
        assert (run.result or {})["counted"] == 1
    with db.unit_of_work() as session:
        kept = session.scalars(select(JobRun)).one()
        assert (kept.status, kept.preview) == ("done", True)
        assert session.scalars(select(EventRow)).all() == []
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
    assert effects() == 0


def test_a_job_run_by_hand_that_fails_is_noted_and_takes_back_its_effect(
    committed_database: str, nightly: list[Exception]
) -> None:
    nightly.append(RuntimeError("no paper"))
    with db.unit_of_work() as session:
        assert run_now(session, PERSON, NIGHTLY).status == "failed"
    assert effects() == 0
    assert [(status, error) for _, status, error in runs()] == [("failed", "RuntimeError: no paper")]


def test_two_runs_of_a_job_never_overlap(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "JOBS", {})
    inside: list[int] = []
    most: list[int] = []

    @job(NIGHTLY, cron="0 6 * * *")
    def slow(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
        """Take a moment."""
        inside.append(1)
        most.append(len(inside))
        session.execute(text("SELECT pg_sleep(0.02)"))
        inside.pop()
        return {}

    def by_hand(_: int) -> None:
        with db.unit_of_work() as session:
            run_now(session, PERSON, NIGHTLY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(by_hand, range(8)))
    assert (len(most), max(most)) == (8, 1)


def test_what_a_dead_worker_was_doing_is_done_by_the_next(
    committed_database: str, nightly: list[Exception], clock
) -> None:
    claim(NIGHTLY, SLOT.isoformat(), as_of=SLOT)
    with db.unit_of_work() as session:
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))

    async def until_done() -> None:
        stop = asyncio.Event()
        worker = asyncio.create_task(jobs.run_worker(stop))
        async with asyncio.timeout(20):
            while not await asyncio.to_thread(
                lambda: any(slot == SLOT.isoformat() and status == "done" for slot, status, _ in runs())
            ):
                await asyncio.sleep(0.05)
        stop.set()
        await worker

    clock.set(SLOT)
    asyncio.run(until_done())
    assert effects() == 1
