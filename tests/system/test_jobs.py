"""Jobs and failed deliveries as those who run the product see and move them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import db, events, idempotency, jobs
from lattis_app.core.actors import Actor
from lattis_app.core.audit import AuditEntry
from lattis_app.core.events import EventRow, deliver, record, subscribe
from lattis_app.core.jobs import JobSpec, job, run_now
from lattis_app.core.names import JobName
from lattis_app.core.numbering import NumberSeries, take_number
from lattis_app.identity.models import RefreshToken, UserSession
from lattis_app.identity.permissions import Role
from lattis_app.rental.events import CommissionBecameEligible
from lattis_app.system.jobs import forget_expired
from lattis_app.system.queries import jobs as job_queries
from tests.core.worker import work_off
from tests.factories.identity import make_user

NIGHTLY = JobName.LEDGER_CHECK_BALANCES
RUN = f"/v1/jobs/{NIGHTLY}/run"


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The only job, due at 06:00, whose effect is a number taken; it fails with the sentence in the list."""
    only: dict[str, JobSpec] = {}
    for module in (jobs, job_queries):
        monkeypatch.setattr(module, "JOBS", only)
    failures: list[str] = []

    @job(NIGHTLY, cron="0 6 * * *")
    def count(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
        """Count the nights."""
        take_number(session, "NIGHT", 1)
        if failures:
            raise RuntimeError(failures[0])
        return {"counted": 1, "as_of": as_of.isoformat()}

    return failures


def taken(session: Session) -> int:
    found = session.scalar(select(NumberSeries.last).where(NumberSeries.series == "NIGHT"))
    return found or 0


def test_jobs_are_listed_with_schedule_and_last_run(
    api, session: Session, failures: list[str], clock
) -> None:
    client = api.as_(Role.ADMIN)
    (before,) = client.get("/v1/jobs").json()["data"]
    assert before == {
        "name": "ledger.check_balances",
        "title": "Count the nights.",
        "schedule": "0 6 * * *",
        "time_zone": "Asia/Kuala_Lumpur",
        "next_due_at": "2026-03-16T22:00:00Z",
        "last_run_at": None,
        "last_status": None,
        "last_duration_ms": None,
    }
    client.post(RUN, json={"preview": True})
    assert client.get("/v1/jobs").json()["data"][0]["last_status"] is None
    client.post(RUN)
    (after,) = client.get("/v1/jobs").json()["data"]
    assert (after["last_status"], after["last_run_at"]) == ("done", "2026-03-16T02:00:00Z")


def test_a_job_is_run_as_of_another_time(api, session: Session, failures: list[str]) -> None:
    answer = api.as_(Role.ADMIN).post(RUN, json={"as_of": "2026-03-01T09:00:00+08:00"})
    data = answer.json()["data"]
    assert (answer.status_code, data["status"], data["preview"]) == (200, "done", False)
    assert data["result"] == {"counted": 1, "as_of": "2026-03-01T01:00:00+00:00"}
    assert taken(session) == 1


def test_a_preview_answers_the_counts_and_changes_nothing(api, session: Session, failures: list[str]) -> None:
    data = api.as_(Role.ADMIN).post(RUN, json={"preview": True}).json()["data"]
    assert (data["status"], data["preview"], data["result"]["counted"]) == ("done", True, 1)
    assert taken(session) == 0


def test_a_run_that_fails_says_so_and_changes_nothing(api, session: Session, failures: list[str]) -> None:
    failures.append("no paper")
    client = api.as_(Role.ADMIN)
    answer = client.post(RUN)
    assert (answer.status_code, answer.json()["data"]["status"]) == (200, "failed")
    assert answer.json()["data"]["error"] == "RuntimeError: no paper"
    assert taken(session) == 0
    listed = client.get("/v1/jobs/runs", params={"status": "failed", "limit": 5, "page": 1}).json()
    assert ([run["job"] for run in listed["data"]], listed["meta"]["total"]) == (["ledger.check_balances"], 1)


def test_a_repeated_request_runs_the_job_once(api, session: Session, failures: list[str]) -> None:
    client, key = api.as_(Role.ADMIN), {"Idempotency-Key": "once"}
    first, second = (client.post(RUN, json={}, headers=key) for _ in range(2))
    assert (first.json(), taken(session)) == (second.json(), 1)


def test_who_runs_a_job_is_named(api, session: Session, failures: list[str]) -> None:
    client = api.as_(make_user(session, name="Aina"))
    client.post(RUN)
    assert client.get("/v1/jobs/runs").json()["data"][0]["requested_by"] == "Aina"
    traces = session.scalars(select(AuditEntry.actor_name).where(AuditEntry.entity == "job_runs")).all()
    assert traces == ["Aina"]


def test_unknown_jobs_and_strangers_are_refused(api, session: Session, failures: list[str]) -> None:
    assert api.as_(Role.ADMIN).post("/v1/jobs/rental.make_coffee/run").status_code == 404
    assert api.as_(Role.ADMIN).post(RUN, json={"as_of": "2026-03-01T09:00:00"}).status_code == 400
    assert api.as_(Role.DRIVER).post(RUN).status_code == 403
    assert api.anonymous().post(RUN).status_code == 401
    for path in ("/v1/jobs", "/v1/jobs/runs", "/v1/jobs/failed-deliveries"):
        assert api.as_(Role.DRIVER).get(path).status_code == 403
    assert taken(session) == 0


def test_a_failed_delivery_is_listed_and_replayed(
    api, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_subscribers", {})
    monkeypatch.setattr(events, "_types", {})
    broken = [True]

    @subscribe(CommissionBecameEligible)
    def fragile(session: Session, actor: Actor, happened: CommissionBecameEligible) -> None:
        if broken:
            raise RuntimeError("no paper")

    with db.unit_of_work() as work:
        record(work, CommissionBecameEligible(uuid4(), "John"))
    event_id = str(session.scalars(select(EventRow.id)).one())
    with pytest.raises(RuntimeError):
        deliver([event_id])
    client = api.as_(Role.ADMIN)

    (failed,) = client.get("/v1/jobs/failed-deliveries").json()["data"]
    assert (failed["event"], failed["attempts"], failed["error"]) == (
        "commission.eligible",
        1,
        "RuntimeError: no paper",
    )
    assert failed["subscriber"].endswith("fragile")
    session.execute(text("DELETE FROM procrastinate_jobs"))

    replay = f"/v1/jobs/failed-deliveries/{event_id}/replay"
    assert api.as_(Role.DRIVER).post(replay).status_code == 403
    assert client.post(replay).status_code == 202
    queued = session.scalars(text("SELECT args->'event_ids' FROM procrastinate_jobs")).all()
    assert queued == [[event_id]]
    broken.clear()
    deliver([event_id])
    assert client.get("/v1/jobs/failed-deliveries").json()["meta"]["total"] == 0
    assert client.post(replay).status_code == 412
    assert client.post(f"/v1/jobs/failed-deliveries/{uuid4()}/replay").status_code == 404


def test_only_what_has_expired_is_forgotten(session: Session, clock) -> None:
    user = make_user(session)
    for days in (-31, -29, 5):
        opened = UserSession(user_id=user.id, expires_at=clock.now() + timedelta(days=days))
        session.add(opened)
        session.flush()
        session.add(RefreshToken(session_id=opened.id, token_hash=f"{days}", expires_at=opened.expires_at))
    idempotency.store(session, user.id, "old", "h", 200, b"{}")
    session.flush()
    clock.advance(hours=25)
    idempotency.store(session, user.id, "young", "h", 200, b"{}")
    session.flush()

    first = forget_expired(session, Actor(None, "x", "SYSTEM"), clock.now())
    second = forget_expired(session, Actor(None, "x", "SYSTEM"), clock.now())

    others = (
        "refresh_tokens", "job_runs", "queue", "webhook_deliveries", "unused_imports", "messages", "message_files",
    )  # fmt: skip
    nothing = dict.fromkeys(others, 0)
    assert first == {"idempotency_keys": 1, "sessions": 2, **nothing}
    assert set(second.values()) == {0}
    assert session.scalars(text("SELECT key FROM idempotency_keys")).all() == ["young"]


def test_the_real_job_forgets_through_the_queue(committed_database: str) -> None:
    jobs.claim(
        JobName.CORE_FORGET_EXPIRED, "tests", as_of=datetime.fromisoformat("2026-03-16T02:00:00+00:00")
    )
    work_off()
    with db.unit_of_work() as session:
        assert session.scalar(text("SELECT status FROM job_runs")) == "done"
        assert run_now(session, Actor(None, "x", "SYSTEM"), JobName.CORE_FORGET_EXPIRED).status == "done"
