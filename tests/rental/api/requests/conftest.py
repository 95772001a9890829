"""One world for many requests: made once, and every test's changes to it vanish."""

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lattis_app.core import clock as lattis_clock
from lattis_app.core import db
from lattis_app.identity.permissions import Role
from tests.factories.rental_world import make_world

MOMENT = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def populated(database):
    """A connection whose transaction holds the world, and the ids of its records."""
    with ExitStack() as stack:
        stack.enter_context(lattis_clock.freeze_everywhere(MOMENT))
        connection = stack.enter_context(db.engine().connect())
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            world = make_world(session)
            session.commit()
        yield connection, world
        transaction.rollback()


@pytest.fixture
def world(populated):
    """The ids of the world's records."""
    return populated[1]


@pytest.fixture
def session(populated, clock, monkeypatch):
    """A session in the world; takes the place of the usual empty one."""
    connection, _ = populated
    with connection.begin_nested() as test:
        factory = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        monkeypatch.setattr(db, "_factory", lambda: factory)
        with factory() as opened:
            yield opened
        test.rollback()


@pytest.fixture
def caller(api, world):
    """The client who may make a request."""

    def of(request_):
        return api.as_(request_.role, subject_id=world["driver"] if request_.role is Role.DRIVER else None)

    return of


@pytest.fixture
def unseen(session):
    """What happens inside vanishes, whether it was refused or not: `with unseen(): …`."""

    @contextmanager
    def vanishing():
        with session.connection().begin_nested() as savepoint:
            yield
            savepoint.rollback()
        session.expire_all()

    return vanishing
