"""The data table: from column definitions to search, filters, order, paging, selection, export and views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, icon_button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.icons import icon
from lattis_app.ui.list_tools import list_tools
from lattis_app.ui.states import empty, failed, skeleton_rows


@dataclass(frozen=True)
class BulkAction:
    """Something to do with all selected rows; the handler reads `selected`."""

    label: str
    on_click: Any
    glyph: str = ""


def data_table(
    state: Any,
    spec: ListSpec,
    *,
    label: str,
    nothing: rx.Component | None = None,
    bulk: Sequence[BulkAction] = (),
    picks: bool = False,
    opens_record: bool = True,
) -> rx.Component:
    """A whole list: tools, table, paging. `state` is the page's ListMixin.

    `nothing` is shown when there are no records at all. With `picks` rows can be ticked, and the page says what for.
    """
    columns, picks = spec.columns, picks or bool(bulk)
    drawn = rx.foreach(state.rows, lambda row: _row(state, columns, row, picks=picks, opens=opens_record))
    waiting = rx.el.tbody(skeleton_rows(len(columns) - len(spec.hidden_at_first) + picks))
    table = rx.el.table(
        rx.el.thead(rx.el.tr(*_picks_head(state, picks), *[_heading(state, column) for column in columns])),
        rx.cond(state.loaded, rx.el.tbody(drawn), waiting),
        class_name="table table-cards",
        aria_label=label,
        aria_busy=rx.cond(state.loading, "true", "false"),
    )
    return rx.el.div(
        list_tools(state, spec),
        rx.el.div(
            rx.cond(
                state.loaded & (state.rows.length() == 0),
                _no_rows(state, nothing),
                rx.el.div(table, class_name="table-scroll"),
            ),
            class_name="card card-flush table-wrap",
        ),
        _foot(state),
        *([_bulk_bar(state, bulk)] if bulk else []),
        class_name="stack",
        style={"gap": "12px"},
    )


def tally(state: Any, one: str, many: str, note: str = "") -> rx.Component:
    """Under a list's heading: how many records there are, and what they come to (`RM 200.00 to pay`)."""
    worth = rx.cond(state.note != "", rx.fragment(" · ", state.note, f" {note}".rstrip()), rx.fragment())
    counted = rx.fragment(_grouped(state.total), " ", rx.cond(state.total == 1, one, many), worth)
    shown = rx.cond(state.problem != "", "–", counted)
    return rx.el.span(rx.cond(state.loaded, shown, "…"), class_name="num")


def counted(state: Any, one: str, many: str) -> rx.Component:
    """Under a page's heading: how many records there are, or how many fit the filters."""
    narrowed = (state.chips.length() > 0) | (state.q != "")
    words = rx.cond(narrowed, "match", rx.cond(state.total == 1, one, many))
    return rx.el.span(
        rx.cond(state.loaded, rx.fragment(_grouped(state.total), " ", words), "…"), class_name="num"
    )


def _grouped(count: Any) -> rx.Var[str]:
    """A count as people read it: `24,623`."""
    shown: rx.Var[str] = count._replace(_js_expr=f"({count!s}).toLocaleString('en')", _var_type=str)
    return shown


def simple_table(columns: Sequence[Column], rows: Any, *, label: str, foot: Any = None) -> rx.Component:
    """A small table without tools: rows related to a record, lines of a report."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(*[rx.el.th(c.label, scope="col", class_name=c.look()) for c in columns]),
            ),
            rx.el.tbody(
                rx.foreach(
                    rows,
                    lambda row: rx.el.tr(
                        *[_cell(c, row, lead=i == 0, opens=False) for i, c in enumerate(columns)],
                        data_card="row",
                    ),
                )
            ),
            *([foot] if foot is not None else []),
            class_name="table table-compact table-cards",
            aria_label=label,
        ),
        class_name="card card-flush table-wrap",
    )


def _heading(state: Any, column: Column) -> rx.Component:
    if not column.sortable:
        head = rx.el.th(column.label, scope="col", class_name=column.look())
    else:
        head = rx.el.th(
            rx.el.button(column.label, icon("arrow-down"), type="button", class_name="th-sort",
                         on_click=state.sort_by(column.key)),
            scope="col",
            class_name=column.look(),
            aria_sort=rx.cond(
                state.sort == column.key, "ascending", rx.cond(state.sort == f"-{column.key}", "descending", "none")
            ),
        )  # fmt: skip
    return _unless_hidden(state, column, head)


def _row(state: Any, columns: Sequence[Column], row: Any, *, picks: bool, opens: bool) -> rx.Component:
    pick = []
    if picks:
        box = rx.el.input(
            type="checkbox",
            class_name="box",
            aria_label=f"Select {row[columns[0].key]}",
            checked=state.selected.contains(row["id"]),
            on_change=lambda _on: state.toggle_row(row["id"]),
        )
        pick = [rx.el.td(box, class_name="pick", on_click=rx.stop_propagation)]
    cells = [
        _unless_hidden(state, column, _cell(column, row, lead=place == 0))
        for place, column in enumerate(columns)
    ]
    props: dict[str, Any] = {"data_card": "row"}
    if opens:
        props = {
            "data_row": row["id"],
            "tab_index": 0,
            "on_click": lambda: state.open_record(row["id"]),
            "data_open": rx.cond(state.open_id == row["id"], "true", "false"),
        }
    return rx.el.tr(
        *pick,
        *cells,
        key=row["id"],
        aria_selected=rx.cond(state.selected.contains(row["id"]), "true", "false") if picks else None,
        **props,
    )


def _cell(column: Column, row: Any, *, lead: bool, opens: bool = True) -> rx.Component:
    value = row[column.key]
    if column.kind == "badge":
        shown: Any = badge(value, row[f"{column.key}_tone"])
    elif column.kind == "link":
        look = "link-plain" if opens else "link"
        shown = link(value, row[f"{column.key}_href"], class_name=look, on_click=rx.stop_propagation)
    else:
        shown = value
    note = [rx.el.small(row[column.note])] if column.note else []
    return rx.el.td(
        shown,
        *note,
        class_name=column.look(lead=lead),
        data_label=column.label,
        data_unit=column.unit or None,
        data_blank=rx.cond(value == "–", "true", "false"),
    )


def _unless_hidden(state: Any, column: Column, part: rx.Component) -> rx.Component:
    return rx.cond(state.hidden.contains(column.key), rx.fragment(), part)


def _picks_head(state: Any, picks: bool) -> list[rx.Component]:
    if not picks:
        return []
    box = rx.el.input(
        type="checkbox",
        class_name="box",
        aria_label="Select all rows of this page",
        checked=(state.selected.length() > 0) & (state.selected.length() == state.rows.length()),
        on_change=lambda _on: state.toggle_page(),
    )
    return [rx.el.th(box, scope="col", class_name="pick")]


def _no_rows(state: Any, nothing: rx.Component | None) -> rx.Component:
    narrowed = (state.chips.length() > 0) | (state.q != "")
    widen = button("Clear search and filters", on_click=state.clear_filters)
    none_fit = empty(
        "Nothing fits",
        "No record has all of these. Take a filter off, or search for less.",
        widen,
        glyph="search",
    )
    at_all = (
        nothing
        if nothing is not None
        else empty("Nothing here yet", "Records appear here once there are some.")
    )
    broken = failed(
        state.problem,
        rx.cond(narrowed, widen, rx.fragment()),
        request_id=state.problem_id,
        on_retry=state.try_again,
    )
    return rx.cond(state.problem != "", broken, rx.cond(narrowed, none_fit, at_all))


def _foot(state: Any) -> rx.Component:
    pager = rx.el.nav(
        icon_button(
            "chevron-left",
            "Page before",
            small=True,
            on_click=lambda: state.go_to_page(state.page - 1),
            disabled=state.page <= 1,
        ),
        rx.el.span("Page ", _grouped(state.page), " of ", _grouped(state.pages), class_name="num"),
        icon_button(
            "chevron-right",
            "Next page",
            small=True,
            on_click=lambda: state.go_to_page(state.page + 1),
            disabled=state.page >= state.pages,
        ),
        class_name="pager",
        aria_label="Pages",
    )
    return rx.cond(
        state.rows.length() > 0,
        rx.el.div(
            rx.el.span(state.extent, class_name="num", role="status"),
            rx.cond(state.pages > 1, pager, rx.fragment()),
            class_name="list-foot",
        ),
        rx.fragment(),
    )


def _bulk_bar(state: Any, bulk: Sequence[BulkAction]) -> rx.Component:
    return rx.cond(
        state.selected.length() > 0,
        rx.el.div(
            rx.el.span(state.selected.length(), " selected", class_name="num", role="status"),
            *[
                button(action.label, glyph=action.glyph, small=True, on_click=action.on_click)
                for action in bulk
            ],
            button("Clear", kind="ghost", small=True, on_click=state.toggle_page),
            class_name="bulk-bar",
            role="toolbar",
            aria_label="Selected rows",
        ),
        rx.fragment(),
    )
