"""From a PostgreSQL server to a database the application may use: made, migrated, and its rights set.

Two accounts share the work. The owner migrates. The application signs in as a restricted role that reads and
writes rows, owns nothing, and can neither change nor delete what is append-only (tables marked `APPEND_ONLY`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, MetaData, make_url

from lattis_app.core import postgres
from lattis_app.core.settings import Settings, SettingsError

DATABASE = "lattis"
PROJECT = Path(__file__).resolve().parents[2]
PROVISIONING_LOCK = 5_243_001
MIGRATION_HISTORY = "alembic_version"


@contextmanager
def prepared_database(configured: Settings, metadata: MetaData) -> Iterator[str]:
    """The application's address of a database that is ready for use, its private server running meanwhile."""
    if configured.app_database_url and not configured.database_url:
        yield configured.app_database_url.get_secret_value()
        return
    with owner_database(configured) as owner_url:
        yield provision(configured, owner_url, metadata)


@contextmanager
def owner_database(configured: Settings) -> Iterator[str]:
    """The owner's address: of the database in the settings, else of the private server, running meanwhile."""
    if configured.database_url:
        yield configured.database_url.get_secret_value()
        return
    server = postgres.start(configured.home / "pg")
    try:
        yield server.url(DATABASE)
    finally:
        server.stop()


def provision(configured: Settings, owner_url: str, metadata: MetaData) -> str:
    """Make, migrate and grant whatever is missing, one process at a time; returns the application's address."""
    owner = make_url(owner_url)
    application = _application_url(configured, owner)
    _create_database(owner)
    with _connect(owner) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [PROVISIONING_LOCK])
        if configured.app_database_url is None:
            _create_role(connection, application)
        migrate(owner_url)
        append_only = [table.name for table in metadata.tables.values() if table.info.get("append_only")]
        _grant(connection, application.username or "", append_only)
    return application.render_as_string(hide_password=False)


def migrate(owner_url: str) -> None:
    """Bring the schema to the newest revision."""
    from alembic import command  # only the process that migrates needs it
    from alembic.config import Config

    config = Config(str(PROJECT / "alembic.ini"))
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


def _application_url(configured: Settings, owner: URL) -> URL:
    if configured.app_database_url:
        application = make_url(configured.app_database_url.get_secret_value())
        if configured.is_production and application.username == owner.username:
            raise SettingsError(
                "LATTIS_APP_DATABASE_URL must sign in as another role than LATTIS_DATABASE_URL, "
                "or the application could rewrite its own audit log."
            )
        return application
    return owner.set(username=f"{owner.database}_app", password=configured.secret("app_database_password"))


def _connect(url: URL) -> psycopg.Connection:
    return psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        autocommit=True,
        connect_timeout=10,
    )


def _create_database(owner: URL) -> None:
    try:
        _connect(owner).close()
        return
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    with _connect(owner.set(database=postgres.MAINTENANCE_DATABASE)) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(owner.database or DATABASE)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return


def _create_role(connection: psycopg.Connection, application: URL) -> None:
    role = sql.Identifier(application.username or "")
    password = sql.Literal(str(application.password))
    rights = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    try:
        _connect(application).close()
    except psycopg.OperationalError:
        try:
            connection.execute(sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(role, rights, password))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, password))
        except psycopg.errors.InsufficientPrivilege as error:
            raise SettingsError(
                f"The owner may not create the role {application.username}: "
                "let an administrator create one and set LATTIS_APP_DATABASE_URL."
            ) from error


def _grant(connection: psycopg.Connection, role: str, append_only: list[str]) -> None:
    """Give the role its rights in one step, so that no moment has more or fewer than these."""
    to = sql.Identifier(role)
    frozen = [sql.Identifier(name) for name in sorted(append_only)]
    with connection.transaction():
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {history} FROM {role}",
        ):
            connection.execute(sql.SQL(statement).format(role=to, history=sql.Identifier(MIGRATION_HISTORY)))
        if frozen:
            connection.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                    sql.SQL(", ").join(frozen), to
                )
            )
