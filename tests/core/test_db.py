"""One unit of work: all or nothing, and a refusal in words for what the database refuses."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import db
from lattis_app.core.errors import Conflict
from lattis_app.core.numbering import NumberSeries
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.imports.models import ImportBatch
from tests.factories.identity import make_user
from tests.races import together


def keep(series: str, last: int = 0) -> None:
    with db.unit_of_work() as session:
        session.add(NumberSeries(series=series, period="1", last=last))


def test_everything_happens_or_nothing(committed_database: str) -> None:
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as session:
        session.add(NumberSeries(series="A", period="1"))
        session.flush()
        raise ZeroDivisionError
    with db.unit_of_work() as session:
        assert session.scalars(select(NumberSeries)).all() == []


def test_what_must_be_unique_is_a_conflict_that_names_the_field(session: Session) -> None:
    make_user(session, email="a@example.com")
    with pytest.raises(Conflict) as refused, db.unit_of_work() as work:
        make_user(work, email="a@example.com")
    assert (refused.value.details["field"], refused.value.details["reason"]) == ("email", "already exists")
    assert len(session.scalars(select(User)).all()) == 1


def test_what_cannot_be_stored_is_refused_as_input(api) -> None:
    answer = api.as_(Role.ADMIN).get("/v1/users", params={"q": "\0"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(committed_database: str) -> None:
    keep("A")
    keep("B")
    both = Barrier(2)
    lock = text("SELECT last FROM number_series WHERE series = :series FOR UPDATE")

    def change(order: str) -> str:
        try:
            with db.unit_of_work() as session:
                session.execute(lock, {"series": order[0]})
                both.wait()
                session.execute(lock, {"series": order[1]})
        except Conflict as refused:
            return refused.message
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(change, ("AB", "BA")))
    assert results == ["Somebody else was changing the same records; try again", "done"]


def test_threads_that_ask_first_at_once_share_one_engine(committed_database: str) -> None:
    engines = together(*[db.engine] * 8)

    assert {id(each) for each in engines} == {id(db.engine())}


def test_kinds_are_named_as_people_do() -> None:
    assert (db.kind_of(User), db.kind_of(ImportBatch)) == ("User", "Import batch")


def test_times_come_back_in_utc(committed_database: str) -> None:
    with db.unit_of_work() as session:
        assert session.scalar(text("SHOW timezone")) == "UTC"


def test_columns_are_described_as_the_driver_does(session: Session) -> None:
    cursor = session.connection().connection.cursor()
    assert cursor.description is None
    cursor.execute("SELECT 1::int4 AS one, 'a'::text AS two")
    assert [(each.name, each.type_code) for each in cursor.description] == [("one", 23), ("two", 25)]
    assert (len(cursor.description), cursor.description[1][0]) == (2, "two")
    cursor.execute("CREATE TEMPORARY TABLE nothing ()")
    assert cursor.description is None
    cursor.execute("SELECT FROM nothing")
    assert list(cursor.description) == []
