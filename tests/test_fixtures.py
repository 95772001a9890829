"""The fixtures hold what they promise, since every other test leans on them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock as lattis_clock
from lattis_app.core import db
from tests.copies import zone_where_it_is_morning

INSERT = text("INSERT INTO procrastinate_workers DEFAULT VALUES")
COUNT = text("SELECT count(*) FROM procrastinate_workers")


@pytest.mark.parametrize("turn", [1, 2])
def test_even_committed_work_vanishes_after_a_test(session: Session, turn: int) -> None:
    assert session.scalar(COUNT) == 0
    with db.unit_of_work() as work:
        work.execute(INSERT)
    session.execute(INSERT)
    session.commit()
    assert session.scalar(COUNT) == 2


def test_a_refused_unit_of_work_keeps_what_was_there_before(session: Session) -> None:
    session.execute(INSERT)
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as work:
        work.execute(INSERT)
        raise ZeroDivisionError
    assert session.scalar(COUNT) == 1


def test_a_committed_database_really_commits_and_is_nobody_elses(committed_database: str) -> None:
    with db.unit_of_work() as work:
        work.execute(INSERT)
    with db.engine().connect() as other:
        assert other.scalar(COUNT) == 1
    assert db.application_url() == committed_database


def test_statements_are_counted_without_the_bookkeeping(session: Session, queries) -> None:
    with queries() as sent:
        session.execute(COUNT)
        with db.unit_of_work() as work:
            work.execute(COUNT)
    assert sent.count == 2


def test_the_clock_stands_still_until_it_is_moved(clock) -> None:
    assert lattis_clock.now() == datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
    clock.advance(days=1, hours=22)
    assert lattis_clock.now() == datetime(2026, 3, 18, 0, 0, tzinfo=UTC)
    clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    assert lattis_clock.today().isoformat() == "2027-01-01"


@pytest.mark.parametrize("hour", range(24))
def test_a_running_copys_day_does_not_end_during_its_tests(hour: int) -> None:
    begun_at = datetime(2026, 3, 16, hour, 59, tzinfo=UTC)
    there = begun_at.astimezone(zone_where_it_is_morning(begun_at))
    assert (there.hour, there.minute) == (10, 59)
