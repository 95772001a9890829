from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, make_url

from lattis_app.core import db, postgres, provisioning
from lattis_app.core.settings import Settings, SettingsError, settings
from tests.database import Template

ROLE = "lattis_app"


@pytest.fixture
def metadata() -> MetaData:
    """One ordinary and one append-only table."""
    tables = MetaData()
    Table("trial_notes", tables, Column("id", Integer, primary_key=True))
    Table("trial_entries", tables, Column("id", Integer, primary_key=True), info=db.APPEND_ONLY)
    return tables


@pytest.fixture
def owner_url(template: Template, committed_database: str, metadata: MetaData) -> str:
    """A copy of the database with those two tables, for its owner."""
    url = make_url(template.owner_url).set(database=make_url(committed_database).database)
    address = url.render_as_string(hide_password=False)
    with connect(address) as connection:
        connection.execute("CREATE TABLE trial_notes (id int); CREATE TABLE trial_entries (id int)")
        connection.execute(f"CREATE ROLE {url.database}_app LOGIN")
    return address


def connect(url: str) -> psycopg.Connection:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def test_the_application_signs_in_as_a_role_without_powers(committed_database: str) -> None:
    with connect(committed_database) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (ROLE,)
        powers = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        ).fetchone()
    assert powers == (False, False, False, False, False)
    assert owned == (0,)


def test_the_role_cannot_change_the_schema_or_its_history(committed_database: str) -> None:
    with connect(committed_database) as connection:
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "DROP TABLE procrastinate_jobs",
            "TRUNCATE procrastinate_jobs CASCADE",
            "DELETE FROM alembic_version",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_an_append_only_table_takes_new_rows_and_nothing_else(owner_url: str, metadata: MetaData) -> None:
    application = provisioning.provision(settings(), owner_url, metadata)
    with connect(application) as connection:
        connection.execute("INSERT INTO trial_entries VALUES (1)")
        for forbidden in (
            "UPDATE trial_entries SET id = 2",
            "DELETE FROM trial_entries",
            "TRUNCATE trial_entries",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)
        assert connection.execute("SELECT id FROM trial_entries").fetchall() == [(1,)]
        connection.execute("INSERT INTO trial_notes VALUES (1)")
        connection.execute("UPDATE trial_notes SET id = 2")
        assert connection.execute("SELECT id FROM trial_notes").fetchall() == [(2,)]


def test_a_table_that_becomes_append_only_loses_its_earlier_rights(
    owner_url: str, metadata: MetaData
) -> None:
    provisioning.provision(settings(), owner_url, metadata)
    metadata.tables["trial_notes"].info.update(db.APPEND_ONLY)
    application = provisioning.provision(settings(), owner_url, metadata)
    with connect(application) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM trial_notes")


def test_a_missing_database_is_made_by_exactly_one_of_two_processes(
    template: Template, metadata: MetaData
) -> None:
    url = make_url(template.owner_url).set(database="made_together").render_as_string(hide_password=False)
    nothing = MetaData()
    try:
        with ThreadPoolExecutor(2) as both:
            starting = [both.submit(provisioning.provision, settings(), url, nothing) for _ in range(2)]
            addresses = [one.result(timeout=60) for one in starting]
        assert addresses[0] == addresses[1]
        with connect(addresses[0]) as connection:
            assert connection.execute("SELECT current_user, count(*) FROM alembic_version").fetchone() == (
                "made_together_app",
                1,
            )
    finally:
        maintenance = make_url(url).set(database=postgres.MAINTENANCE_DATABASE)
        with connect(maintenance.render_as_string(hide_password=False)) as connection:
            connection.execute("DROP DATABASE made_together WITH (FORCE)")


def test_production_refuses_an_application_that_signs_in_as_the_owner(owner_url: str) -> None:
    careless = Settings(env="production", database_url=owner_url, app_database_url=owner_url)
    with pytest.raises(SettingsError, match="must sign in as another role"):
        provisioning.provision(careless, owner_url, MetaData())
