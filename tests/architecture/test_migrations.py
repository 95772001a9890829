"""Migrations are the models, forwards and backwards."""

import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 - every table registers itself
from lattis_app.core.frontend import PROJECT
from tests.database import Template


@pytest.fixture
def owned(template: Template):
    """A copy of the migrated database, as its owner."""
    with template.copy() as url:
        name = sa.make_url(url).database
        yield sa.make_url(template.owner_url).set(database=name).render_as_string(hide_password=False)


def differences(url: str, metadata: sa.MetaData) -> list[object]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda item, name, *_: not (name or "").startswith("procrastinate_"),
            },
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Expression #1 .* operator clause")  # its columns are compared
            return list(compare_metadata(context, metadata))


def config(url: str) -> Config:
    made = Config(str(PROJECT / "alembic.ini"))
    made.attributes["url"] = url
    return made


def tables(url: str) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return set(sa.inspect(engine).get_table_names())


def test_the_migrations_make_exactly_what_the_models_say(owned: str) -> None:
    assert differences(owned, SQLModel.metadata) == []


def test_the_comparison_sees_a_column_that_no_migration_made(owned: str) -> None:
    changed = sa.MetaData()
    for table in SQLModel.metadata.sorted_tables:
        copied = table.to_metadata(changed)
        if copied.name == "users":
            copied.append_column(sa.Column("shoe_size", sa.Integer))
    found = differences(owned, changed)
    assert len(found) == 1
    assert "shoe_size" in str(found[0])


def test_every_migration_can_be_taken_back_and_made_again(owned: str) -> None:
    before = tables(owned)
    command.downgrade(config(owned), "base")
    assert tables(owned) == {"alembic_version"}
    command.upgrade(config(owned), "head")
    assert tables(owned) == before
    assert differences(owned, SQLModel.metadata) == []


def test_migrations_stand_in_one_line_with_readable_names() -> None:
    names = sorted(path.stem for path in Path(PROJECT / "alembic" / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
