"""The PostgreSQL of the tests: one private server, one migrated database, and cheap copies of it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 - every table registers itself
from lattis_app.core import postgres, provisioning
from lattis_app.core.settings import settings


@dataclass(frozen=True)
class Template:
    """A migrated database that is only ever copied; both addresses name it."""

    owner_url: str
    application_url: str

    @contextmanager
    def copy(self) -> Iterator[str]:
        """A fresh copy for as long as it is needed; yields its address for the application's role."""
        name = f"copy_{uuid4().hex[:12]}"
        self._administer(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"), name)
        try:
            yield make_url(self.application_url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def _administer(self, statement: sql.SQL, name: str) -> None:
        owner = make_url(self.owner_url)
        server = owner.set(drivername="postgresql", database=postgres.MAINTENANCE_DATABASE)
        with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(str(owner.database))))


@contextmanager
def migrated_template() -> Iterator[Template]:
    """Start a server that may forget everything, and migrate one database on it."""
    with tempfile.TemporaryDirectory(prefix="lattis-tests-") as folder:
        server = postgres.start(Path(folder) / "pg", postgres.FAST_AND_FORGETFUL)
        try:
            owner_url = server.url(provisioning.DATABASE)
            yield Template(owner_url, provisioning.provision(settings(), owner_url, SQLModel.metadata))
        finally:
            server.stop()
