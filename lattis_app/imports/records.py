"""What kinds of import are made of: known by unique columns, and removed again unless something points at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lattis_app.core.db import Record, columns
from lattis_app.core.references import count_references, in_words
from lattis_app.imports.kinds import Known


def known_by(
    session: Session,
    model: type[Record],
    unique: Mapping[str, ColumnElement[Any]],
    signs: Callable[[Any], Mapping[str, str]],
    entries: Sequence[Any],
) -> list[Known | None]:
    """For each entry the record that has one of its unique values; `unique` names the column of each sign."""
    told = [signs(entry) for entry in entries]
    ids: dict[tuple[str, str], UUID] = {}
    for field, column in unique.items():
        wanted = {values[field] for values in told if field in values}
        rows = session.execute(select(columns(model).id, column).where(column.in_(wanted)))
        ids |= {(field, value): record_id for record_id, value in rows}

    def known(values: Mapping[str, str]) -> Known | None:
        found = ((field, ids.get((field, value))) for field, value in values.items())
        return next((Known(each, field, "exists already") for field, each in found if each), None)

    return [known(values) for values in told]


def remove_unused(
    session: Session, model: type[Record], ids: Sequence[UUID], kept: Mapping[UUID, str] | None = None
) -> dict[UUID, str]:
    """Delete records that nothing points at; why the others stay. What `kept` names stays for its reason."""
    reasons = dict(kept or {})
    key = columns(model).id
    records = session.scalars(select(model).where(key.in_(ids)).order_by(key).with_for_update()).all()
    used = count_references(session, model.__table__, ids)  # type: ignore[attr-defined]  # every table model has one
    for record in records:
        if record.id in used:
            uses = ", ".join(f"{in_words(name)} ({count})" for name, count in sorted(used[record.id].items()))
            reasons[record.id] = f"is named in {uses}"
        if record.id not in reasons:
            session.delete(record)
    session.flush()
    return reasons
