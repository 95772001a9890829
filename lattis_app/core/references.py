"""Which records point at a record: read from the foreign keys, so that no new table is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, func, literal, select, union_all
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
