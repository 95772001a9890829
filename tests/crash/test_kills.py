"""Processes die at any moment, callers repeat what was not answered, and no sen is lost or doubled.

`make test` kills ten times and a whole copy twice, `make crash` fifty times and ten. The seed is fixed; where exactly a
kill strikes is the machine's.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random

import psutil
import pytest
from sqlmodel import SQLModel

from lattis_app.core import db, provisioning
from lattis_app.core.settings import settings
from tests.copies import free_port, pages_are_built, running_copy
from tests.crash.offices import (
    Load,
    assert_every_answer_is_kept_once,
    assert_the_books_balance,
    open_business,
    pause,
)
from tests.crash.servers import UNLIMITED, Database, forked_api, kill

KILLS = int(os.environ.get("KILLS", "10"))
VICTIMS = ("the server", "the database", "both")
Served = Callable[[], AbstractContextManager[tuple[str, list[psutil.Process]]]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database that keeps what it says to have kept."""
    before = db._url_override
    started = Database(tmp_path / "pg")
    db.configure(provisioning.provision(settings(), started.url, SQLModel.metadata))
    yield started
    db.configure(before)
    started.stop()


@pytest.fixture
def api_alone(database: Database, tmp_path: Path) -> Served:
    """The API with its worker, started in a blink."""

    @contextmanager
    def start() -> Iterator[tuple[str, list[psutil.Process]]]:
        port = free_port()
        with forked_api(db.application_url(), port, tmp_path / "errors.log") as process:
            yield f"http://127.0.0.1:{port}", [process]

    return start


@pytest.fixture
def whole_copy(database: Database, tmp_path: Path) -> Served:
    """Everything `make run` starts."""
    if not pages_are_built():
        pytest.skip("the pages are not built from these sources (make build)")

    @contextmanager
    def start() -> Iterator[tuple[str, list[psutil.Process]]]:
        with running_copy(tmp_path / "home", LATTIS_DATABASE_URL=database.url, **UNLIMITED) as copy:
            yield copy.url, copy.family()

    return start


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Show what was measured, whether the test passes or not."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return write


def under_fire(database: Database, serve: Served, kills: int) -> tuple[Load, Counter[str]]:
    """Kill servers and databases while offices work; afterwards every office has its answers."""
    chance, killed, load = Random(9), Counter[str](), open_business(orders=kills * 5)
    with load.running():
        while killed.total() < kills:
            with serve() as (url, family):
                load.serve(url)
                while killed.total() < kills:
                    pause(chance.uniform(0, 0.5))
                    victim = chance.choice(VICTIMS)
                    killed[victim] += 1
                    if victim != "the database":
                        kill(family)
                    if victim != "the server":
                        database.kill()
                        database.start()
                    if victim != "the database":
                        break
                    load.await_answers()
        with serve() as (url, _):
            load.serve(url)
            load.finish()
    db.engine().dispose()
    return load, killed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("served", "kills"),
    [
        pytest.param("api_alone", KILLS, id="the API alone"),
        pytest.param("whole_copy", max(2, KILLS // 5), id="a whole copy"),
    ],
)
def test_no_payment_is_lost_or_doubled_whatever_dies(
    database: Database, served: str, kills: int, request: pytest.FixtureRequest, say: Callable[[str], None]
) -> None:
    load, killed = under_fire(database, request.getfixturevalue(served), kills)
    say(f"killed {dict(killed)}: {len(load.paid)} payments, {len(load.issued)} invoices, {dict(load.seen)}")
    assert load.refused == []
    assert_every_answer_is_kept_once(load)
    assert_the_books_balance()
