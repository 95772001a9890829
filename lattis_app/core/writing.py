"""What a flush adds and changes is written by one statement, however many tables it touches.

PostgreSQL checks foreign keys at the end of a statement, so the order within it doesn't matter. Rows of a journal
(audit, events, the ledger: added, and read by others later) are no objects of the session afterwards. SQLAlchemy itself
writes what is left: deletions, rows whose key the database makes, and changes of very many records at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import (
    Session,
    SessionTransaction,
    UOWTransaction,
    make_transient,
    make_transient_to_detached,
)
from sqlalchemy.orm.exc import StaleDataError

from lattis_app.core import clock
from lattis_app.core.db import is_within, plain

MOST_CHANGES = 8
"""Each is a part of the statement; of more, SQLAlchemy makes one statement that is sent many times."""

MOST_STATEMENTS = 1_000
"""Who changes records chooses which columns: not every choice is remembered for good."""

_IN_SAVEPOINTS = "written in savepoints"
_PLAIN = "plain rows"


@dataclass(frozen=True, slots=True)
class _Change:
    """The columns of one record that get other values."""

    record: Any
    table: Table
    names: tuple[str, ...]


def add_plain(session: Session, table: Table, row: dict[str, Any]) -> None:
    """Let the flush that follows add a row to a table that is no record of ours; its columns are what is given."""
    session.info.setdefault(_PLAIN, []).append((table, row))


@event.listens_for(Session, "before_flush")
def _write(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    added = [record for record in session.new if _names(_table(record)) is not None]
    changes = list(_changes(session))
    if len(changes) > MOST_CHANGES:
        changes = []
    others = session.info.pop(_PLAIN, [])
    if not added and not changes and not others:
        return
    rows: dict[Table, list[dict[str, Any]]] = {}
    for record in added:
        session.expunge(record)
        table = _table(record)
        rows.setdefault(table, []).append(_values(record, _names(table) or ()))
    for table, row in others:
        rows.setdefault(table, []).append(row)
    _execute(session, rows, changes)
    _keep(session, added, changes)


def _table(record: Any) -> Table:
    table: Table = type(record).__table__
    return table


@cache
def _names(table: Table) -> tuple[str, ...] | None:
    """The columns that are given when a row is added; None if the database has to say which key it got.

    Nobody asks that of a journal's row.
    """
    names = tuple(column.name for column in table.columns if column.identity is None)
    made = [column for column in table.primary_key if column.identity is not None]
    return None if made and not table.info.get("journal") else names


def _changes(session: Session) -> Iterator[_Change]:
    for record in session.dirty:
        table, state = _table(record), inspect(record)
        touched = [name for name in state.committed_state if name in table.columns]
        names = {name for name in touched if state.attrs[name].history.has_changes()}
        if names and "updated_at" in table.columns and "updated_at" not in names:
            record.updated_at = clock.now()
            names.add("updated_at")
        if names:
            yield _Change(record, table, tuple(sorted(names)))


def _execute(session: Session, rows: dict[Table, list[dict[str, Any]]], changes: Sequence[_Change]) -> None:
    statement = _statement(tuple(rows), tuple((change.table, change.names) for change in changes))
    given: list[object] = [*rows.values()]
    given += [_values(change.record, (*_key(change.table), *change.names)) for change in changes]
    done = session.connection().exec_driver_sql(statement, tuple(map(_to_json, given)))
    if changes and done.scalar_one() != len(changes):
        raise StaleDataError("a record that was to be changed is gone")


def _values(record: Any, names: Iterable[str]) -> dict[str, Any]:
    held = record.__dict__
    return {name: held.get(name) for name in names}


def _to_json(values: object) -> str:
    return json.dumps(values, default=_carried, ensure_ascii=False, separators=(",", ":"))


def _carried(value: object) -> object:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else plain(value)


def _keep(session: Session, added: Iterable[Any], changes: Iterable[_Change]) -> None:
    """What was written is unchanged from now on, and no journal's row stays."""
    for change in changes:
        make_transient(change.record)
    for record in (*added, *(change.record for change in changes)):
        if not _table(record).info.get("journal"):
            make_transient_to_detached(record)
            session.add(record)
    if savepoint := session.get_nested_transaction():
        kept = [*((record, True) for record in added), *((change.record, False) for change in changes)]
        session.info.setdefault(_IN_SAVEPOINTS, []).append((savepoint, kept))


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """What a savepoint takes back was never added, and has to be read again if it was changed."""
    written = session.info.pop(_IN_SAVEPOINTS, [])
    if not undone.nested:
        return
    session.info[_IN_SAVEPOINTS] = [each for each in written if not is_within(each[0], undone)]
    for savepoint, kept in written:
        for record, was_added in kept if is_within(savepoint, undone) else ():
            if record not in session:
                continue
            if was_added:
                session.expunge(record)
                make_transient(record)
            else:
                session.expire(record)


@lru_cache(MOST_STATEMENTS)
def _statement(added: tuple[Table, ...], changed: tuple[tuple[Table, tuple[str, ...]], ...]) -> str:
    parts = [_insert(table) for table in added]
    updates = [_update(table, names) for table, names in changed]
    named = [f"part_{number} AS ({part})" for number, part in enumerate((*parts, *updates))]
    if not updates:
        *named, _ = named
        return f"WITH {', '.join(named)} {parts[-1]}" if named else parts[-1]
    counts = " + ".join(
        f"(SELECT count(*) FROM part_{number})"  # noqa: S608 - names of our own
        for number in range(len(parts), len(named))
    )
    return f"WITH {', '.join(named)} SELECT {counts}"


def _insert(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in _names(table) or ())
    given = f"json_populate_recordset(NULL::{table.name}, %s::json)"
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {given}"  # noqa: S608 - names of our own tables


def _update(table: Table, names: Iterable[str]) -> str:
    values = ", ".join(f'"{name}" = given."{name}"' for name in names)
    same = " AND ".join(f'{table.name}."{name}" = given."{name}"' for name in _key(table))
    given = f"json_populate_record(NULL::{table.name}, %s::json) given"
    return f"UPDATE {table.name} SET {values} FROM {given} WHERE {same} RETURNING 1"  # noqa: S608 - names of our own tables


@cache
def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)
