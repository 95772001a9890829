"""One world for many requests."""

from contextlib import contextmanager

import pytest

from lattis_app.identity.permissions import Role
from tests.factories.rental_world import make_world
from tests.worlds import standing, visited


@pytest.fixture(scope="module")
def populated(database):
    """A connection whose transaction holds the world, and the ids of its records."""
    with standing(make_world) as found:
        yield found


@pytest.fixture
def world(populated):
    """The ids of the world's records."""
    return populated[1]


@pytest.fixture
def session(populated, clock, monkeypatch):
    """A session in the world."""
    with visited(populated[0], monkeypatch) as opened:
        yield opened


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
