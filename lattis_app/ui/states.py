"""What is shown instead of content: nothing yet, something went wrong, still loading, in progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from lattis_app.ui.buttons import Text, button
from lattis_app.ui.icons import icon


def empty(title: Any, text: Any, *actions: Any, glyph: str = "inbox") -> rx.Component:
    """An empty list that says why it is empty and what to do."""
    return rx.el.div(
        rx.el.span(icon(glyph), class_name="empty-mark"),
        rx.el.h3(title),
        rx.el.p(text),
        *([rx.el.div(*actions, class_name="row")] if actions else []),
        class_name="empty",
    )


def failed(
    text: Any,
    *actions: Any,
    request_id: Any = "",
    on_retry: Any = None,
    title: str = "This could not be loaded",
    heading: Callable[..., rx.Component] = rx.el.h3,
) -> Any:
    """What went wrong in words, the request id for support, and ways on: to try again, or others."""
    retry = [button("Try again", glyph="refresh-cw", on_click=on_retry)] if on_retry is not None else []
    ways_on = [*retry, *actions]
    shown = request_id if isinstance(request_id, rx.Var) else rx.Var.create(request_id)
    return rx.el.div(
        rx.el.span(icon("triangle-alert"), class_name="empty-mark"),
        heading(title),
        rx.el.p(text),
        rx.cond(shown != "", rx.el.p("Request ", rx.el.code(shown)), rx.fragment()),
        *([rx.el.div(*ways_on, class_name="row")] if ways_on else []),
        class_name="empty empty-bad",
        role="alert",
    )


def unreached(heading: Callable[..., rx.Component] = rx.el.h1) -> rx.Component:
    """Stands in place of a page that has nothing to show yet, while the browser says that the database is lost."""
    told = failed(
        "Lattis can't reach its database right now. The page loads by itself as soon as it can.",
        title="This page could not be loaded",
        heading=heading,
    )
    return rx.el.section(told, class_name="card unreached")


def forbidden() -> rx.Component:
    """The page exists, but this role may not open it."""
    return empty(
        "Not part of your role",
        "You are signed in, but your role has no permission for this page. An administrator can grant it under "
        "People & roles.",
        button("Go to my start page", href="/", kind="primary"),
        glyph="lock",
    )


def skeleton(width: str = "100%", height: str = "12px") -> rx.Component:
    """A grey line in place of text that is on its way."""
    return rx.el.span(class_name="skeleton", style={"width": width, "height": height}, aria_hidden="true")


def skeleton_block(height: str = "120px") -> rx.Component:
    """A grey panel in place of a card or a chart that is on its way."""
    return rx.el.div(class_name="skeleton skeleton-block", style={"height": height}, aria_hidden="true")


def skeleton_rows(columns: int, rows: int = 8) -> rx.Component:
    """Grey table rows in place of records that are on their way."""
    widths = ("72%", "54%", "64%", "46%", "58%")
    return rx.fragment(
        *[
            rx.el.tr(
                *[rx.el.td(skeleton(widths[(line + column) % len(widths)])) for column in range(columns)],
                aria_hidden="true",
                data_card="skeleton",
            )
            for line in range(rows)
        ]
    )


def progress(done: Any, total: Any, *, label: Text) -> rx.Component:
    """Long work: how far it is, in words and as a bar."""
    percent = rx.Var.create(done).to(int) * 100 / rx.cond(rx.Var.create(total).to(int) > 0, total, 1)
    return rx.el.div(
        rx.el.div(
            rx.el.span(label), rx.el.span(done, " of ", total, class_name="num"), class_name="progress-text"
        ),
        rx.el.div(
            rx.el.span(style={"width": f"{percent}%"}),
            class_name="progress",
            role="progressbar",
            aria_label=label,
            aria_valuemin="0",
            aria_valuenow=done,
            aria_valuemax=total,
        ),
    )
