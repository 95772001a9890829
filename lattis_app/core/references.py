"""Which records point at a record: read from the foreign keys, so that no new table is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, CursorResult, Table, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from lattis_app.core.db import metadata

DOMAINS = ("rental_", "courier_", "crm_", "marketplace_", "retail_")


def references_to(table: Table) -> list[Column[Any]]:
    """Every column that points at a table's id, by name; what is deleted along with it is part of it, and left out."""
    found = [
        key.parent
        for other in metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table and key.ondelete is None
    ]
    return sorted(found, key=str)


def count_references(session: Session, table: Table, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """How many records of which table point at each of these; those that nothing points at are missing."""
    columns = references_to(table)
    if not columns or not ids:
        return {}
    counts = [
        select(column, literal(column.table.name), func.count()).where(column.in_(ids)).group_by(column)
        for column in columns
    ]
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for record_id, name, count in session.execute(union_all(*counts)):
        found[record_id][name] = found[record_id].get(name, 0) + count
    return dict(found)


def in_words(name: str) -> str:
    """What people call the records of a table: `rental_delivery_orders` → `delivery orders`."""
    domain = next((domain for domain in DOMAINS if name.startswith(domain)), "")
    return name.removeprefix(domain).replace("_", " ")


def movable(table: Table) -> list[Column[Any]]:
    """The columns that may point at another record of a table instead; what is append-only stays as it was written."""
    return [
        column
        for column in references_to(table)
        if column.table is not table and not column.table.info.get("append_only")
    ]


def is_only_one(column: Column[Any]) -> bool:
    """Whether no two rows may point at the same record by this column."""
    return any(index.unique and list(index.columns) == [column] for index in column.table.indexes)


def point_at(session: Session, column: Column[Any], old: UUID, new: UUID) -> int:
    """Let every row that points at one record point at another; how many did."""
    moved = session.execute(
        update(column.table).where(column == old).values({column: new}),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(moved, CursorResult)
    return moved.rowcount
