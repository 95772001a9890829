"""What the records of all master data share: reading them with their history, and forms that edit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.queries import entries
from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page, PageRequest
from lattis_app.ui.histories import history_rows
from lattis_app.ui.list_requests import ListRequest
from lattis_app.ui.records import HistoryRow


def wanted(request: ListRequest) -> PageRequest:
    """A list's page as queries want it."""
    return PageRequest(request.page, request.limit, request.sort)


def history(session: Any, actor: Actor, table: str, record_id: UUID) -> list[HistoryRow]:
    """What happened to a record, for its History tab."""
    return history_rows(entries.history_of(session, actor, table, record_id))


def with_history(
    find: Callable[[Any, Actor, UUID], Any], table: str
) -> Callable[[Any, Actor, UUID], tuple[Any, list[HistoryRow]]]:
    """A query for one record that brings its history along."""

    def read(session: Any, actor: Actor, record_id: UUID) -> tuple[Any, list[HistoryRow]]:
        return find(session, actor, record_id), history(session, actor, table, record_id)

    return read


def display(found: Page[Any], row: Callable[[Any], dict[str, str]]) -> list[dict[str, str]]:
    """One page of records as rows of text."""
    return [row(each) for each in found.rows]


def dash(value: object) -> str:
    """Text, or a dash where there is none."""
    return str(value) if value not in (None, "") else "–"


def typed(values: Mapping[str, object]) -> dict[str, str]:
    """Values as a form's fields hold them."""
    return {name: "" if value is None else str(value) for name, value in values.items()}


def only_while(flag: Any, part: rx.Component) -> rx.Component:
    """A part that is there while a flag is set."""
    return rx.cond(flag, part, rx.fragment())
