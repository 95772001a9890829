"""A world that many tests look at: made once, and every test's changes to it vanish."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from lattis_app.core import clock, db

MOMENT = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
Made = TypeVar("Made")


@contextmanager
def standing(make: Callable[[Session], Made]) -> Iterator[tuple[Connection, Made]]:
    """A connection whose transaction holds what was made, and that; for a fixture of a whole module."""
    with ExitStack() as stack:
        stack.enter_context(clock.freeze_everywhere(MOMENT))
        connection = stack.enter_context(db.engine().connect())
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            made = make(session)
            session.commit()
        yield connection, made
        transaction.rollback()


@contextmanager
def visited(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session in a standing world, in place of the usual empty one; what it does vanishes."""
    with connection.begin_nested() as visit:
        factory = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        monkeypatch.setattr(db, "_factory", lambda: factory)
        with factory() as opened:
            yield opened
        visit.rollback()
