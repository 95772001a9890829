"""What the records of all master data share: reading them with their history, and forms that edit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.queries import entries
from lattis_app.core.actors import Actor
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import lorries, waste_items
from lattis_app.rental.schemas.lorries import LorryFilters
from lattis_app.rental.schemas.waste_items import WasteItemFilters
from lattis_app.ui.buttons import button
from lattis_app.ui.frame import FrameState
from lattis_app.ui.handlers import run
from lattis_app.ui.histories import history_rows
from lattis_app.ui.list_requests import ListRequest, Option
from lattis_app.ui.records import HistoryRow


def wanted(request: ListRequest) -> PageRequest:
    """A list's page as queries want it."""
    return PageRequest(request.page, request.limit, request.sort)


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


async def named(
    state: Any, key: str, find: Callable[[Any, Actor, UUID], Any], name: Callable[[Any], str]
) -> dict[str, list[Option]]:
    """The option of one filter that the address asks for, by its name; nothing when it asks for nobody known."""
    try:
        wanted_id = UUID(str(state.router.url.query_parameters.get(key, "")))
        found = await run(state, find, wanted_id)
    except (ValueError, NotFound):
        return {}
    return {key: [Option(value=str(wanted_id), label=name(found), note="")]}


def lorry_options(session: Any, actor: Actor) -> list[Option]:
    """The company's lorries to choose from."""
    fleet = lorries.page(session, actor, LorryFilters(), PageRequest(limit=100))
    return [Option(value=str(each.id), label=each.registration_no, note=each.type) for each in fleet.rows]


def waste_options(session: Any, actor: Actor) -> list[Option]:
    """The kinds of waste in use."""
    kinds = waste_items.page(session, actor, WasteItemFilters(active=True), PageRequest(limit=100))
    return [Option(value=str(each.id), label=each.name, note=each.unit) for each in kinds.rows]


def display(found: Page[Any], row: Callable[[Any], dict[str, str]]) -> list[dict[str, str]]:
    """One page of records as rows of text."""
    return [row(each) for each in found.rows]


def dash(value: object) -> str:
    """Text, or a dash where there is none."""
    return str(value) if value not in (None, "") else "–"


def reach(text: Any, href: Any) -> rx.Component:
    """A telephone number or an e-mail address that opens the telephone or the mail program."""
    return rx.cond(href != "", rx.el.a(text, href=href, class_name="link"), text)


def typed(values: Mapping[str, object]) -> dict[str, str]:
    """Values as a form's fields hold them."""
    return {name: "" if value is None else str(value) for name, value in values.items()}


def counted(state: Any, one: str, many: str) -> rx.Component:
    """Under a page's heading: how many records there are, or how many fit the filters."""
    narrowed = (state.chips.length() > 0) | (state.q != "")
    words = rx.cond(narrowed, "match", rx.cond(state.total == 1, one, many))
    return rx.el.span(rx.cond(state.loaded, rx.fragment(state.total, " ", words), "…"), class_name="num")


def if_may(permission: Permission, part: rx.Component) -> rx.Component:
    """A part for those who hold a permission; the services refuse the others anyway."""
    return rx.cond(FrameState.permissions.contains(str(permission)), part, rx.fragment())


def only_while(flag: Any, part: rx.Component) -> rx.Component:
    """A part that is there while a flag is set."""
    return rx.cond(flag, part, rx.fragment())


def import_button(kind: str, permission: Permission) -> rx.Component:
    """The way to bring records of a kind in from a file, for those who may keep them."""
    return if_may(permission, button("Import", glyph="upload", href=f"/imports/new?kind={kind}"))
