"""Imports: every file with what it came to; the open one is checked, run and undone here."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.imports.pages.import_rows import import_row, line_row, state_options, steps
from lattis_app.imports.queries import imports as queries
from lattis_app.imports.schemas.imports import ImportFilters, RowFilters
from lattis_app.imports.services import imports as services
from lattis_app.imports.statuses import ImportStatus
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, download_button, link, menu_item, more_menu
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, confirm, confirm_button
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.pages import page
from lattis_app.ui.records import Step, lifecycle_strip, next_steps, record_head, record_panel
from lattis_app.ui.states import empty, progress
from lattis_app.ui.tables import data_table, tally

LINES_SHOWN = PageRequest(limit=50)
LIST = ListSpec(
    "imports",
    (
        Column("file_name", "File", sortable=True, note="uploaded_by"),
        Column("title", "Brings", priority=2),
        Column("status", "Status", "badge"),
        Column("result", "Lines", priority=2),
        Column("created_at", "Sent", "date", sortable=True, priority=2),
    ),
    filters=(
        Filter("kind", "Brings"),
        Filter("status", "Status", options=tuple((str(each), words(each)) for each in ImportStatus)),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    search="Name of the file",
    export="/v1/imports",
)


class Imports(ListMixin, FormMixin, rx.State):
    """Files with the open one and its lines."""

    record: dict[str, str] = {}
    done: int = 0
    of: int = 0
    strip: list[Step] = []
    lines: list[dict[str, str]] = []
    lines_total: int = 0
    state: str = ""
    states: list[dict[str, str]] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        kinds = await run(self, queries.kinds)
        self.filter_options = {
            "kind": [Option(value=kind.name, label=say(kind.title), note="") for kind in kinds]
        }

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ImportFilters, {"q": request.q[:120], **request.filters})
        found = await run(self, queries.page, filters, PageRequest(request.page, request.limit, request.sort))
        return Listing([import_row(each) for each in found.rows], found.total)

    async def _fetch_record(self, record_id: str) -> None:
        if self.record.get("id") != record_id:
            self.state = ""
        batch = await run(self, queries.find, as_id(record_id))
        self.done, self.of = batch.done, batch.total
        self.record, self.strip, self.states = import_row(batch), steps(batch), state_options(batch)
        if self.state not in {option["value"] for option in self.states}:
            self.state = self.states[0]["value"]
        filters = parse(RowFilters, {"state": self.state})
        found = await run(self, queries.rows, as_id(record_id), filters, LINES_SHOWN)
        self.lines, self.lines_total = [line_row(each) for each in found.rows], found.total

    @handler
    async def show_lines(self, state: str) -> None:
        """Show the lines of one state."""
        self.state = state
        await self._fetch_record(self.open_id)

    @handler
    async def start(self) -> Any:
        """Make what the open file says."""
        await run(self, services.run, as_id(self.open_id))
        await self._again()
        return toasts.told("The import runs; you may leave this page")

    @handler
    async def undo(self, form: dict[str, Any]) -> Any:
        """Take back what the open file made."""
        await self._submit(services.undo, as_id(self.open_id))
        await self._again()
        return close_dialog("import-undo")

    @handler
    async def discard(self) -> Any:
        """Forget the open file."""
        await run(self, services.discard, as_id(self.open_id))
        self.open_id = ""
        await self._again()
        return toasts.done("The file is forgotten")


@page("/imports", "Imports", Permission.IMPORTS_BATCHES_MANAGE, on_load=Imports.load)
def every_import() -> rx.Component:
    """Files with the open one beside the list."""
    state = Imports
    new = button("New import", kind="primary", glyph="upload", href="/imports/new")
    return rx.fragment(
        page_header("Imports", tally(state, "file", "files"), new),
        data_table(
            state,
            LIST,
            label="Imports",
            nothing=empty(
                "Nothing was imported yet",
                "Customers, bins, drivers and lorries can come from a CSV or Excel file. Every line is checked before anything is made, and a whole file can be taken back.",
                button("New import", kind="primary", href="/imports/new"),
                glyph="file-spreadsheet",
            ),
        ),
        record_panel(state, *_record(), label="Import"),
        live_refresh(state.load, "import."),
        confirm(
            "import-undo",
            "Take this import back?",
            "What it made is removed, unless something depends on it by now: that stays, and you are told why.",
            action="Take back",
            on_confirm=state.undo,
            attempt=state.attempt,
        ),
    )


def _record() -> list[rx.Component]:
    state, record = Imports, Imports.record
    more = more_menu(
        "import-more", menu_item("Forget this file", glyph="trash-2", tone="bad", on_click=state.discard)
    )
    return [
        record_head(
            record["title"],
            record["file_name"],
            rx.cond(record["can_discard"] != "", more, rx.fragment()),
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.strip),
        rx.cond(record["at_work"] != "", _progress(record), rx.fragment()),
        rx.cond(record["can_run"] != "", _hints(record), rx.fragment()),
        _buttons(record),
        stack(_lines(), tight=True),
        _facts(record),
    ]


def _progress(record: Any) -> rx.Component:
    label = rx.cond(record["undoing"] != "", "Lines taken back", "Lines imported")
    return progress(Imports.done, Imports.of, label=label)


def _hints(record: Any) -> rx.Component:
    seen = notice(
        rx.fragment("The same file was imported ", record["seen_at"]),
        "Lines that made something then are known now.",
        tone="warn",
    )
    unread = notice("Some columns are not read", record["ignored"], tone="info")
    return rx.fragment(
        rx.cond(record["seen_at"] != "", seen, rx.fragment()),
        rx.cond(record["ignored"] != "", unread, rx.fragment()),
    )


def _buttons(record: Any) -> rx.Component:
    go = button(
        rx.fragment("Import ", record["new_count"], rx.cond(record["new_count"] == "1", " line", " lines")),
        kind="primary",
        glyph="play",
        on_click=Imports.start,
    )
    errors = download_button("Lines not taken", "/v1/imports/" + record["id"] + "/errors")
    return next_steps(
        rx.cond(record["can_run"] != "", go, rx.fragment()),
        rx.cond(record["not_taken"] != "", errors, rx.fragment()),
        rx.cond(
            record["can_undo"] != "", confirm_button("Undo", "import-undo", glyph="undo-2"), rx.fragment()
        ),
    )


def _lines() -> rx.Component:
    state = Imports
    choices = rx.el.div(
        rx.foreach(
            state.states,
            lambda each: rx.el.button(
                each["label"],
                rx.el.span(each["count"], class_name="count"),
                type="button",
                class_name="seg-item",
                aria_pressed=rx.cond(state.state == each["value"], "true", "false"),
                on_click=lambda: state.show_lines(each["value"]),
                key=each["value"],
            ),
        ),
        class_name="seg field-seg",
        role="group",
        aria_label="Lines",
    )
    first = rx.el.p(
        "The first ", state.lines.length(), " of ", state.lines_total, class_name="muted small num"
    )
    return rx.fragment(
        choices,
        rx.el.ul(rx.foreach(state.lines, _line), class_name="plain-list"),
        rx.cond(state.lines_total > state.lines.length(), first, rx.fragment()),
    )


def _line(line: Any) -> rx.Component:
    name = rx.cond(line["href"] != "", link(line["label"], line["href"]), line["label"])
    return rx.el.li(
        rx.el.div(
            rx.el.span(name, class_name="strong"),
            rx.el.span("Line ", line["line"], class_name="muted small num nowrap"),
            class_name="row row-between",
        ),
        rx.cond(line["why"] != "", rx.el.p(line["why"], class_name="small muted"), rx.fragment()),
        class_name="list-line",
        key=line["line"],
    )


def _facts(record: Any) -> rx.Component:
    return key_values(
        ("Lines", rx.el.span(record["row_count"], class_name="num")),
        ("Sent", record["created_at"]),
        ("By", record["uploaded_by"]),
        ("Finished", record["finished_at"]),
    )
