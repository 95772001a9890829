"""Moving the clock of a demonstration: what it shows, what it runs, and where it stands fast."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock as lattis_clock
from lattis_app.identity.permissions import Role

PATH = "/v1/clock"


@pytest.fixture
def real_time_afterwards() -> Iterator[None]:
    yield
    lattis_clock.move_by(timedelta(0))


def test_an_administrator_jumps_to_next_friday_and_back_and_due_jobs_run(
    api, session: Session, real_time_afterwards
) -> None:
    before = lattis_clock.now()
    friday = before + timedelta(days=5)
    moved = api.as_(Role.ADMIN).put(PATH, json={"now": friday.isoformat()})
    assert moved.status_code == 200
    shown = moved.json()["data"]
    assert abs(shown["moved_by_seconds"] - 5 * 24 * 3600) < 60
    assert abs(lattis_clock.now() - friday) < timedelta(minutes=1)
    claimed = set(session.scalars(text("SELECT job FROM job_runs")))
    assert {"marketplace.mark_overdue", "marketplace.generate_weekly_invoices"} <= claimed
    assert api.as_(Role.ADMIN).put(PATH, json={}).json()["data"]["moved_by_seconds"] == 0
    assert lattis_clock.now() - before < timedelta(minutes=1)


def test_where_several_processes_work_the_clock_stands_fast(api, configure, real_time_afterwards) -> None:
    admin = api.as_(Role.ADMIN)
    configure(worker="external")
    assert admin.get(PATH).json()["data"]["movable"] is False
    refused = admin.put(PATH, json={"now": "2030-01-01T00:00:00Z"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    assert lattis_clock.moved_by() == timedelta(0)


def test_in_production_the_clock_stands_fast(api, monkeypatch, real_time_afterwards) -> None:
    admin = api.as_(Role.ADMIN)
    monkeypatch.setattr("lattis_app.core.settings.Settings.is_production", True)
    assert admin.put(PATH, json={"now": datetime.now(UTC).isoformat()}).status_code == 412
    assert lattis_clock.moved_by() == timedelta(0)


@pytest.mark.parametrize(
    "now", ["1999-01-01T00:00:00Z", "2199-01-01T00:00:00Z", "soon", "2026-11-27T00:00:00"]
)
def test_nonsense_and_other_centuries_move_nothing(api, real_time_afterwards, now: str) -> None:
    assert api.as_(Role.ADMIN).put(PATH, json={"now": now}).status_code == 400
    assert lattis_clock.moved_by() == timedelta(0)


def test_only_administrators_read_or_move_it(api, real_time_afterwards) -> None:
    for role in (Role.SELLER, Role.MERCHANT, Role.DRIVER):
        assert api.as_(role).get(PATH).status_code == 403
        assert api.as_(role).put(PATH, json={}).status_code == 403
