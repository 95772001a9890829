"""What every test may ask for: a database, a session that leaves nothing behind, a still clock, a query count.

One PostgreSQL serves the whole run. Under xdist the controlling process starts it and tells the workers.
"""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis
import pytest
import starlette.testclient
from anyio.from_thread import start_blocking_portal
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

_home = tempfile.TemporaryDirectory(prefix="lattis-tests-home-")
for name in [name for name in os.environ if name.startswith("LATTIS_")]:
    del os.environ[name]
os.environ["LATTIS_HOME"] = _home.name

from fastapi import FastAPI  # noqa: E402 - after the environment is clean
from fastapi.testclient import TestClient  # noqa: E402

from lattis_app import registry  # noqa: E402
from lattis_app.core import clock as lattis_clock  # noqa: E402
from lattis_app.core import db, limits  # noqa: E402
from lattis_app.core.actors import Actor  # noqa: E402
from lattis_app.core.settings import reset_settings  # noqa: E402
from lattis_app.identity import passwords  # noqa: E402
from lattis_app.identity.models import User  # noqa: E402
from lattis_app.identity.permissions import Role  # noqa: E402
from lattis_app.web.app import create_api  # noqa: E402
from tests.database import Template, migrated_template  # noqa: E402
from tests.factories.identity import make_actor, make_token, make_user  # noqa: E402
from tests.handover import Handover  # noqa: E402

hypothesis.settings.register_profile("lattis", deadline=None, derandomize=True)
hypothesis.settings.load_profile("lattis")

pytest_plugins = ["tests.endpoints"]
registry.register_work()
registry.modules("pages")

passwords._secrets.update(argon2__time_cost=1, argon2__memory_cost=8)  # nobody attacks a test's hashes

TEMPLATE = pytest.StashKey[Template]()
SERVER = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SERVER] = ExitStack()
    if handed_over := getattr(config, "workerinput", {}).get("template"):
        config.stash[TEMPLATE] = Template(*handed_over)


def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where the database is."""
    template = _template(node.config)
    node.workerinput["template"] = (template.owner_url, template.application_url)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[SERVER].close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share something dear to make run one after the other in one process: it is made once."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)
        elif "security" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("the running copy"))
        elif "benchmarks" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector of garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    """Say last what could not run, once for each missing thing."""
    yield
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT RUN: {count} test{'s' if count > 1 else ''}: {reason}", yellow=True)


def _template(config: pytest.Config) -> Template:
    if TEMPLATE not in config.stash:
        config.stash[TEMPLATE] = config.stash[SERVER].enter_context(migrated_template())
    return config.stash[TEMPLATE]


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Template:
    """The migrated database that copies are made of."""
    return _template(request.config)


@pytest.fixture(scope="session")
def database(template: Template) -> Iterator[str]:
    """This worker's own database; everything in the process uses it. Tests leave nothing in it."""
    with template.copy() as url:
        db.configure(url)
        yield url
        db.configure(None)


@pytest.fixture
def session(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session of the application's role whose work vanishes after the test, committed or not.

    Every unit of work opened meanwhile, in whatever thread, joins the same transaction.
    """
    with db.engine().connect() as connection:
        transaction = connection.begin()
        factory = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        monkeypatch.setattr(db, "_factory", lambda: factory)
        with factory() as opened:
            yield opened
        transaction.rollback()


@pytest.fixture
def committed_database(template: Template) -> Iterator[str]:
    """A database of the test's own, for work that really commits or races; yields the application's address."""
    before = db._url_override
    with template.copy() as url:
        db.configure(url)
        yield url
        db.configure(before)


class FrozenClock:
    """Time that stands still until the test moves it."""

    def __init__(self, moments: ExitStack, moment: datetime) -> None:
        self._moments = moments
        self.set(moment)

    def set(self, moment: datetime) -> None:
        """Hold time at a moment, in every thread."""
        self._moments.enter_context(lattis_clock.freeze_everywhere(moment))

    def advance(self, **span: float) -> None:
        """Move time on: `clock.advance(days=1, hours=2)`."""
        self.set(self.now() + timedelta(**span))

    def now(self) -> datetime:
        """The moment time stands at."""
        return lattis_clock.now()


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Monday 16 March 2026, 10:00 in Kuala Lumpur, until the test moves it."""
    with ExitStack() as moments:
        yield FrozenClock(moments, datetime(2026, 3, 16, 2, 0, tzinfo=UTC))


@dataclass
class Statements:
    """What was sent to the database meanwhile."""

    sent: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.sent)


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[Statements]]:
    """Count SQL statements: `with queries() as sent: …` then `assert sent.count == 2`."""

    @contextmanager
    def counting() -> Iterator[Statements]:
        statements = Statements()

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                statements.sent.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


class Caller:
    """A signed-in caller of the REST API, in this process and in the test's transaction."""

    def __init__(self, client: TestClient, session: Session) -> None:
        self._client, self._session = client, session

    def anonymous(self) -> TestClient:
        """Nobody."""
        return self._client

    def as_(self, user: User | Role = Role.ADMIN, subject_id: UUID | None = None) -> TestClient:
        """Somebody of a role, or this user."""
        person = user if isinstance(user, User) else make_user(self._session, user, subject_id=subject_id)
        client = TestClient(self._client.app, raise_server_exceptions=False)
        client.headers["Authorization"] = f"Bearer {make_token(self._session, person)}"
        return client


@pytest.fixture(scope="session", autouse=True)
def _one_event_loop() -> Iterator[None]:
    """All requests of tests are served by one event loop, as in a server: starting one for each takes longer than most."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patched:
        patched.setattr(TestClient, "portal", portal)
        patched.setattr(starlette.testclient, "_TestClientTransport", Handover)
        yield


@pytest.fixture(scope="session")
def rest_api() -> FastAPI:
    """The REST API with every router of the product."""
    return create_api(registry.routers())


@pytest.fixture
def api(rest_api: FastAPI, session: Session) -> Caller:
    """Call the REST API: `api.as_(Role.ADMIN).get("/v1/customers")`."""
    limits.forget()
    return Caller(TestClient(rest_api, raise_server_exceptions=False), session)


@pytest.fixture
def admin(session: Session) -> Actor:
    """An administrator, as services see them."""
    return make_actor(session, Role.ADMIN)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set settings: `configure(smtp_host="127.0.0.1")`."""

    def set_(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"LATTIS_{name.upper()}", str(value))
        reset_settings()

    yield set_
    monkeypatch.undo()
    reset_settings()
