"""Runs the migrations on the database of the settings, or on the one provisioning hands over."""

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 - every table registers itself
from lattis_app.core import provisioning
from lattis_app.core.settings import settings


def is_ours(item: object, name: str | None, kind: str, reflected: bool, compared_to: object) -> bool:
    """The job queue's tables belong to its own migration and are never compared with ours."""
    return not (name or "").startswith("procrastinate_")


def migrate(connection: sa.Connection) -> None:
    """Bring the schema of one database to the wanted revision, all or nothing."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        include_object=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate_at(url: str) -> None:
    """Connect as the owner and migrate."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        migrate(connection)


if address := context.config.attributes.get("url"):
    migrate_at(address)
else:
    with provisioning.owner_database(settings()) as address:
        migrate_at(address)
