"""How many rows a large table has, without reading it: triggers of the database note every change of the number.

A note is added and never changed, so nobody waits for anybody, and a transaction sees exactly the rows it counts.
Whoever cleans up folds the notes of a table into one.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from lattis_app.core.db import columns

_FOLD = text(
    "WITH noted AS (SELECT id FROM row_count_changes FOR UPDATE SKIP LOCKED), "
    "folded AS (DELETE FROM row_count_changes USING noted WHERE row_count_changes.id = noted.id "
    "RETURNING counted_table, change) "
    "INSERT INTO row_count_changes (counted_table, change) "
    "SELECT counted_table, sum(change) FROM folded GROUP BY counted_table"
)


class RowCountChange(SQLModel, table=True):
    """By how much one statement, or all before the last clean-up, changed the number of rows of a table."""

    __tablename__ = "row_count_changes"
    __table_args__ = (Index("ix_row_count_changes_counted_table", "counted_table"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    counted_table: str = Field(max_length=63)
    change: int = Field(sa_type=BigInteger)


R = columns(RowCountChange)


def count_rows(session: Session, model: type[SQLModel]) -> int:
    """How many rows a counted table has, as this transaction sees it."""
    noted = select(func.coalesce(func.sum(R.change), 0)).where(R.counted_table == model.__tablename__)
    return int(session.execute(noted).scalar_one())


def fold(session: Session) -> None:
    """Replace the notes of each table by their sum."""
    session.execute(_FOLD)
