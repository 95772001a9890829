"""The row above a table: search box, filter chips, filter form, views, columns, export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from lattis_app.core.pagination import LARGEST_EXPORT
from lattis_app.ui.buttons import button, icon_button, menu_body, menu_item, menu_label, menu_line
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.icons import icon
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.views import can_save

FILES = (("csv", "CSV", "file-text"), ("xlsx", "Excel (XLSX)", "file-spreadsheet"))


def list_tools(state: Any, spec: ListSpec) -> rx.Component:
    """Everything that narrows, orders and takes out a list."""
    return rx.el.div(
        *([_search(state, spec.search)] if spec.search else []),
        rx.foreach(state.chips, lambda chip: _chip(state, chip)),
        *([_filters(state, spec)] if spec.filters else []),
        rx.cond(
            state.chips.length() > 1,
            button("Clear", kind="ghost", small=True, on_click=state.clear_filters),
            rx.fragment(),
        ),
        rx.el.div(
            *_views(state, spec),
            _columns(state, spec.key, spec.columns),
            *([_export(state, spec)] if spec.export else []),
            class_name="list-tools-end",
        ),
        class_name="list-tools",
    )


def _search(state: Any, words: str) -> rx.Component:
    return rx.el.div(
        icon("search"),
        rx.el.input(
            type="search",
            placeholder=words,
            aria_label=words,
            default_value=state.q,
            on_change=state.search.debounce(250),
            key=f"search-{state.search_key}",
            auto_complete="off",
            spell_check=False,
        ),
        class_name="list-search",
        role="search",
    )


def _chip(state: Any, chip: Any) -> rx.Component:
    return rx.el.span(
        chip["label"],
        " is ",
        rx.el.b(chip["text"]),
        rx.el.button(
            icon("x", label=f"Remove filter {chip['label']}"),
            type="button",
            class_name="chip-x",
            on_click=lambda: state.remove_filter(chip["key"]),
        ),
        class_name="chip",
        key=chip["key"],
    )


def _filters(state: Any, spec: ListSpec) -> rx.Component:
    menu_id = f"{spec.key}-filters"
    return rx.fragment(
        rx.el.button(
            icon("plus"),
            "Filter",
            type="button",
            class_name="chip chip-add",
            aria_haspopup="dialog",
            custom_attrs={"popoverTarget": menu_id},
        ),
        menu_body(
            menu_id,
            rx.el.form(
                rx.el.div("Show only", class_name="menu-title"),
                *[
                    _filter(state, spec.key, each, first=place == 0)
                    for place, each in enumerate(spec.filters)
                ],
                rx.el.div(
                    button("Apply", kind="primary", small=True, type="submit", data_hide_popover="true"),
                    class_name="filter-foot",
                ),
                on_submit=state.apply_filter,
                key=f"filters-{state.criteria}",
                class_name="filter-form",
            ),
            panel="Filters",
        ),
    )


def _filter(state: Any, list_key: str, each: Filter, *, first: bool) -> rx.Component:
    if each.kind == "choice" and each.options:
        body: Any = [
            *_any(state, each),
            *[_choice(state, each, value, words) for value, words in each.options],
        ]
    elif each.kind == "choice":
        body = [
            *_any(state, each),
            rx.foreach(
                state.filter_options[each.key],
                lambda option: _choice(state, each, option["value"], option["label"]),
            ),
        ]
    else:
        kind = "date" if each.kind == "date" else "text"
        field = rx.el.input(
            type=kind,
            name=each.key,
            default_value=state.filters[each.key],
            class_name="input",
            aria_label=each.label,
        )
        body = [field]
    part = rx.el.details(
        rx.el.summary(each.label, icon("chevron-down")),
        rx.el.div(*body, class_name="filter-body"),
        class_name="filter",
        open=first,
        custom_attrs={"name": f"{list_key}-filter"},
    )
    if each.kind == "choice" and not each.options:
        return rx.cond(state.filter_options.contains(each.key), part, rx.fragment())
    return part


def _any(state: Any, each: Filter) -> list[rx.Component]:
    return [] if each.several else [_choice(state, each, "", "Any")]


def _choice(state: Any, each: Filter, value: Any, words: Any) -> rx.Component:
    chosen = state.filters[each.key].to(str)
    if each.several:
        is_on = ("," + chosen + ",").contains("," + value + ",")
        box = rx.el.input(
            type="checkbox", name=f"{each.key}:{value}", class_name="box", default_checked=is_on
        )
    else:
        is_on = ~chosen.bool() if isinstance(value, str) and not value else chosen == value
        box = rx.el.input(type="radio", name=each.key, value=value, class_name="box", default_checked=is_on)
    return rx.el.label(box, words, class_name="check")


def _views(state: Any, spec: ListSpec) -> list[rx.Component]:
    if not spec.views and not can_save():
        return []
    menu_id = f"{spec.key}-views"
    keep = []
    if can_save():
        keep = [
            menu_line(),
            rx.el.form(
                rx.el.input(name="name", placeholder="Name of this view", required=True, max_length=60,
                            class_name="input", aria_label="Name of this view"),
                button("Save", type="submit", small=True, data_hide_popover="true"),
                on_submit=state.keep_view,
                reset_on_submit=True,
                class_name="row",
                style={"padding": "6px"},
            ),
        ]  # fmt: skip
    return [
        rx.el.button(
            icon("bookmark"),
            rx.el.span("Views"),
            type="button",
            class_name="btn btn-shrinks",
            aria_label="Views",
            aria_haspopup="menu",
            custom_attrs={"popoverTarget": menu_id},
        ),
        menu_body(
            menu_id,
            menu_label("Views"),
            ReactRouterLink.create("Everything", to="?", class_name="menu-item", role="menuitem"),
            rx.foreach(state.views, lambda view: _view(state, view)),
            *keep,
            align="end",
        ),
    ]


def _view(state: Any, view: Any) -> rx.Component:
    return rx.el.div(
        ReactRouterLink.create(view["name"], to="?" + view["query"], class_name="menu-item", role="menuitem"),
        rx.cond(
            view["mine"] == "true",
            icon_button(
                "trash-2",
                "Remove view",
                small=True,
                kind="ghost",
                on_click=lambda: state.forget_view(view["name"]),
            ),
            rx.fragment(),
        ),
        class_name="row",
        style={"gap": "2px"},
        key=view["name"],
    )


def _columns(state: Any, list_key: str, columns: Sequence[Column]) -> rx.Component:
    menu_id = f"{list_key}-columns"
    return rx.fragment(
        icon_button("columns-3", "Columns", aria_haspopup="menu", custom_attrs={"popoverTarget": menu_id}),
        menu_body(
            menu_id,
            menu_label("Columns"),
            *[
                menu_item(
                    column.label,
                    role="menuitemcheckbox",
                    aria_checked=rx.cond(state.hidden.contains(column.key), "false", "true"),
                    on_click=state.choose_columns(column.key),
                    data_keep="true",
                )
                for column in columns[1:]
            ],
            align="end",
        ),
    )


def _export(state: Any, spec: ListSpec) -> rx.Component:
    menu_id = f"{spec.key}-export"
    return rx.fragment(
        rx.el.button(
            icon("download"),
            rx.el.span("Export"),
            type="button",
            class_name="btn btn-shrinks",
            aria_label="Export",
            aria_haspopup="menu",
            custom_attrs={"popoverTarget": menu_id},
        ),
        menu_body(
            menu_id,
            rx.cond(
                state.total > LARGEST_EXPORT,
                menu_label(f"More than {LARGEST_EXPORT:,} rows: narrow the list first"),
                rx.fragment(
                    menu_label("All rows that fit the filters"),
                    *[
                        menu_item(
                            words,
                            glyph=glyph,
                            href=f"{spec.export}?format={kind}&{state.criteria}",
                            download=True,
                        )
                        for kind, words, glyph in FILES
                    ],
                ),
            ),
            align="end",
        ),
    )
