"""Journals: tables whose rows are only ever added, and read by others later (audit, events, the ledger).

The journal rows of one flush are written by one statement, after the records they speak of. They are no objects of
the session afterwards.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sqlalchemy import Table, TextClause, event, text
from sqlalchemy.orm import Session, UOWTransaction

from lattis_app.core.db import plain

_KEPT = "journal rows"


@event.listens_for(Session, "before_flush")
def _set_aside(session: Session, flush: UOWTransaction, _instances: object) -> None:
    rows: dict[Table, list[dict[str, Any]]] = {}
    for record in session.new:
        table: Table = type(record).__table__
        if table.info.get("journal"):
            session.expunge(record)
            rows.setdefault(table, []).append({name: getattr(record, name) for name in _given(table)})
    if not rows:
        return
    if session.new or session.dirty or session.deleted:
        flush.attributes[_KEPT] = rows
    else:
        _write(session, rows)


@event.listens_for(Session, "after_flush")
def _write_after_the_records(session: Session, flush: UOWTransaction) -> None:
    if rows := flush.attributes.pop(_KEPT, None):
        _write(session, rows)


def _write(session: Session, rows: dict[Table, list[dict[str, Any]]]) -> None:
    values = {
        table.name: json.dumps(added, default=plain, ensure_ascii=False) for table, added in rows.items()
    }
    session.connection().execute(_insert(tuple(rows)), values)


@cache
def _insert(tables: tuple[Table, ...]) -> TextClause:
    *first, last = map(_insert_into, tables)
    parts = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(first))
    return text(f"WITH {parts} {last}" if parts else last)


def _insert_into(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in _given(table))
    given = f"json_populate_recordset(NULL::{table.name}, CAST(:{table.name} AS json))"
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {given}"  # noqa: S608 - names of our own tables


@cache
def _given(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.identity is None)
