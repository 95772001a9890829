"""While the database can't be reached, everybody is told to try again, in the way they ask."""

from collections.abc import Iterator

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from lattis_app import registry
from lattis_app.core import db, limits
from lattis_app.core.actors import Actor
from lattis_app.core.columns import new_check_token
from lattis_app.identity.cookies import SESSION_COOKIE
from lattis_app.rental.queries import business as queries
from lattis_app.rental.schemas.business import BusinessOut
from lattis_app.ui import problems
from lattis_app.web import browser_sessions, words
from lattis_app.web.app import create_api
from lattis_app.web.routing import Routes
from tests.loopback import closed_port

TOLD = "Lattis can't reach its database right now; try again in a moment"
camel = Routes("Leads", prefix="/api")


@camel.get("/leads", queries.find)
def find(session: Session, actor: Actor) -> BusinessOut:
    return queries.find(session, actor)


ROUTES = [browser_sessions.router, words.router, *registry.routers(), camel]


@pytest.fixture
def client() -> TestClient:
    limits.forget()
    browser = TestClient(create_api(ROUTES), raise_server_exceptions=False, follow_redirects=False)
    browser.cookies.set(SESSION_COOKIE, "some session")
    return browser


@pytest.fixture
def no_database(committed_database: str) -> Iterator[None]:
    """Nobody listens where the database should be."""
    gone = make_url(committed_database).set(host="127.0.0.1", port=closed_port())
    db.configure(gone.render_as_string(hide_password=False))
    yield
    db.configure(committed_database)


@pytest.fixture
def told_by(client: TestClient):
    """What somebody with a session is told."""

    def ask(path: str) -> tuple[int, str | None, object]:
        answer = client.get(path)
        return answer.status_code, answer.headers.get("Retry-After"), answer.json()

    return ask


def test_both_dialects_say_when_to_try_again(no_database, told_by) -> None:
    assert told_by("/v1/customers") == (
        503,
        "5",
        {"error": {"code": "SERVICE_UNAVAILABLE", "message": TOLD, "details": {"retry_after": 5}}},
    )
    assert told_by("/api/leads") == (
        503,
        "5",
        {
            "statusCode": 503,
            "message": TOLD,
            "error": "Service Unavailable",
            "details": {"retry_after": 5},
        },
    )


def test_a_connection_that_is_lost_meanwhile_is_no_crash(committed_database, told_by) -> None:
    def end_all() -> None:
        with psycopg.connect(
            make_url(committed_database).set(drivername="postgresql").render_as_string(hide_password=False)
        ) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'lattis'"
            )

    with db.reading() as session:
        session.execute(text("SELECT 1"))
    assert told_by("/v1/customers")[0] == 401
    end_all()
    assert told_by("/v1/customers")[:2] == (503, "5")
    assert told_by("/v1/customers")[0] == 401


def test_connections_that_are_all_taken_are_no_crash(committed_database, told_by, monkeypatch) -> None:
    pool = db.engine().pool
    monkeypatch.setattr(pool, "_timeout", 0.01)
    taken = [db.engine().connect() for _ in range(pool.size() + pool._max_overflow)]
    try:
        assert told_by("/v1/customers")[:2] == (503, "5")
    finally:
        for connection in taken:
            connection.close()
    assert told_by("/v1/customers")[0] == 401


def test_any_other_error_of_the_database_is_a_crash(committed_database, client, monkeypatch) -> None:
    def fail(*_: object) -> None:
        with db.reading() as session:
            session.execute(text("SET statement_timeout = 1"))
            session.execute(text("SELECT pg_sleep(1)"))

    monkeypatch.setattr("lattis_app.identity.queries.actors._actor", fail)
    answer = client.get("/v1/customers")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert "Retry-After" not in answer.headers


def test_what_is_known_of_an_error_decides(committed_database) -> None:
    with pytest.raises(DBAPIError) as refused, db.reading() as session:
        session.execute(text("SELECT 1/0"))
    assert not db.is_unreachable(refused.value)
    with pytest.raises(OperationalError) as slow, db.reading() as session:
        session.execute(text("SET statement_timeout = 1"))
        session.execute(text("SELECT pg_sleep(1)"))
    assert not db.is_unreachable(slow.value)
    assert db.is_unreachable(psycopg.OperationalError("the connection is closed"))
    assert db.is_unreachable(psycopg.errors.CannotConnectNow())
    assert not db.is_unreachable(psycopg.errors.SerializationFailure())
    assert not db.is_unreachable(ValueError())


def test_signing_in_says_so_on_its_page(no_database, client) -> None:
    answer = client.post("/auth/sign-in", data={"account": "ada@example.com", "password": "correct horse"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?error=unavailable&account=ada%40example.com",
    )
    driver = {"driverName": "Ahmad", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}
    answer = client.post("/auth/driver-sign-in", data=driver)
    assert answer.headers["location"] == "/sign-in?error=unavailable&as=driver&account=012-3456789"


def test_a_browser_gets_a_page_and_its_words(no_database, client) -> None:
    for answer in (client.post("/auth/sign-out"), client.get(f"/check/{new_check_token()}")):
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "<h1>Lattis can&#x27;t reach its database right now</h1>" in answer.text
    spoken = client.get("/words.js", headers={"Accept-Language": "ms"})
    assert (spoken.status_code, '"code": "ms"' in spoken.text) == (200, True)


def test_a_handler_lets_the_browser_say_so(no_database) -> None:
    with pytest.raises(OperationalError) as lost, db.reading() as session:
        session.execute(text("SELECT 1"))
    assert "window.lattis.unreachable()" in str(problems.on_backend_error(lost.value))
