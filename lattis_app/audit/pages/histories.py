"""What happened to one record, for the History tab of its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from lattis_app.audit.queries import entries
from lattis_app.core.actors import Actor
from lattis_app.ui.histories import history_rows
from lattis_app.ui.records import HistoryRow


def history(
    session: Any, actor: Actor, table: str, record_id: UUID, labels: Mapping[str, str] | None = None
) -> list[HistoryRow]:
    """What happened to a record, for its History tab; `labels` renames fields."""
    return history_rows(entries.history_of(session, actor, table, record_id), labels)


def with_history(
    find: Callable[[Any, Actor, UUID], Any], table: str, labels: Mapping[str, str] | None = None
) -> Callable[[Any, Actor, UUID], tuple[Any, list[HistoryRow]]]:
    """A query for one record that brings its history along."""

    def read(session: Any, actor: Actor, record_id: UUID) -> tuple[Any, list[HistoryRow]]:
        return find(session, actor, record_id), history(session, actor, table, record_id, labels)

    return read
