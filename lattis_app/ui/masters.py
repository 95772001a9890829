"""Pages of records that are only kept: a list with the open one beside it, and one form for new and old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import reflex as rx
from pydantic import BaseModel

from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.ui import toasts
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Corrections, Draft, FormMixin
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id, display, wanted
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

ACTIVE = (("true", "Active"), ("false", "Inactive"))


class Queries(Protocol):
    """Reads of one kind of record."""

    page: Callable[..., Any]
    find: Callable[..., Any]


class Services(Protocol):
    """Writes of one kind of record."""

    create: Callable[..., Any]
    update: Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Master:
    """One kind of record: how it is listed, read, shown and kept. `values` are what its form starts with."""

    spec: ListSpec
    queries: Queries
    services: Services
    filters: type[BaseModel]
    entry: type[BaseModel]
    changes: type[BaseModel]
    read: Callable[..., Any]
    row: Callable[[Any], dict[str, str]]
    values: Callable[[Any], Mapping[str, str]]
    name: Callable[[Any], str]
    fresh: Mapping[str, str]

    @property
    def sheet(self) -> str:
        """The id of the form's sheet."""
        return f"{self.spec.key}-sheet"


class MasterMixin(ListMixin, FormMixin, mixin=True):
    """The list of a kind of record with the open one, and its form."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    editing: str = ""

    @classmethod
    def _master(cls) -> Master:
        """The kind of record; every such page returns its Master."""
        raise NotImplementedError

    def _spec(self) -> ListSpec:
        return self._master().spec

    async def _fetch(self, request: ListRequest) -> Listing:
        master = self._master()
        filters = parse(master.filters, {"q": request.q, **request.filters})
        found = await run(self, master.queries.page, filters, wanted(request))
        return Listing(display(found, master.row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, self._master().read, as_id(record_id))
        self.record = self._master().row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new record."""
        self.editing = ""
        self._begin(self._master().fresh)
        return open_dialog(self._master().sheet)

    @handler
    async def edit(self) -> Any:
        """Open the form of the record beside the list."""
        self.editing = self.open_id
        found = await run(self, self._master().queries.find, as_id(self.open_id))
        self._begin({**self._master().values(found), **_active(found)})
        return open_dialog(self._master().sheet)

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new record, or the changes of an old one."""
        master = self._master()
        if self.editing:
            changes = Corrections(master.changes, form, dict(self.values))
            saved = await self._submit(master.services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(master.services.create, Draft(master.entry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog(master.sheet), toasts.done(say("{name} saved", name=master.name(saved)))]


def _active(found: Any) -> dict[str, str]:
    """Whether the record is in use, for kinds that can be put out of it."""
    return {"active": str(found.active).lower()} if hasattr(found, "active") else {}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a page of such records speaks: its words, its picture, and who may change anything."""

    title: str
    kind: str
    counted: tuple[str, str]
    new: str
    nothing: str
    why: str
    glyph: str
    may: Permission


def master_view(
    state: Any, spec: ListSpec, look: Look, *, title: Any, facts: rx.Component, form: rx.Component
) -> rx.Component:
    """The list, the record beside it with its facts and history, and the form."""
    new = button(look.new, kind="primary", glyph="plus", on_click=state.begin)
    first = button(look.new, kind="primary", on_click=state.begin)
    nothing = empty(look.nothing, look.why, if_may(look.may, first), glyph=look.glyph)
    return rx.fragment(
        page_header(look.title, counted(state, *look.counted), if_may(look.may, new)),
        data_table(state, spec, label=look.title, nothing=nothing),
        record_panel(
            state,
            record_head(look.kind, title, on_close=state.close_record),
            next_steps(if_may(look.may, button("Edit", glyph="pencil", on_click=state.edit))),
            tabs(f"{spec.key}-tabs", ("Summary", facts), ("History", history(state.events))),
            label=look.kind,
        ),
        form,
    )


def import_button(kind: str, permission: Permission) -> rx.Component:
    """The way to bring records of a kind in from a file, for those who may keep them."""
    return if_may(permission, button("Import", glyph="upload", href=f"/imports/new?kind={kind}"))
