"""Where things stand on a page: header, cards, grids, notices."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui.badges import Tone, badge
from lattis_app.ui.buttons import Text, link
from lattis_app.ui.icons import icon

NOTICE_ICONS: dict[str, str] = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "info": "info",
    "neutral": "info",
}


def page_header(title: Any, subtitle: Any = "", *actions: Any, crumbs: Any = None) -> rx.Component:
    """The head of a page: what it is, what needs attention in words, and at most one primary action."""
    return rx.el.header(
        rx.el.div(
            *([crumbs] if crumbs is not None else []),
            rx.el.h1(title),
            *([] if isinstance(subtitle, str) and not subtitle else [rx.el.p(subtitle)]),
        ),
        *([rx.el.div(*actions, class_name="page-actions")] if actions else []),
        class_name="page-head",
    )


def card(
    *children: Any, title: Any = "", more: Any = None, flush: bool = False, class_name: str = "", **props: Any
) -> rx.Component:
    """A white panel; `flush` for tables, `more` for a link or control at the end of its heading."""
    head = []
    if isinstance(title, rx.Var) or title or more is not None:
        head = [rx.el.div(rx.el.h2(title), *([more] if more is not None else []), class_name="card-head")]
    look = f"card{' card-flush' if flush else ''} {class_name}".strip()
    return rx.el.section(*head, *children, class_name=look, **props)


def grid(*children: Any, least: int = 220) -> rx.Component:
    """Equal columns that wrap when they would become narrower than `least` pixels."""
    return rx.el.div(*children, class_name="grid", style={"--min": f"{least}px"})


def main_and_side(main: Any, side: Any) -> rx.Component:
    """A wide column and a narrow one, under each other on small screens."""
    return rx.el.div(main, side, class_name="grid-main")


def halves(*children: Any) -> rx.Component:
    """Two equal columns, under each other on small screens."""
    return rx.el.div(*children, class_name="grid-halves")


def stack(*children: Any, tight: bool = False) -> rx.Component:
    """Children under each other."""
    return rx.el.div(*children, class_name="stack-tight" if tight else "stack")


def row(*children: Any, between: bool = False, wrap: bool = True) -> rx.Component:
    """Children beside each other."""
    look = f"row{' row-wrap' if wrap else ''}{' row-between' if between else ''}"
    return rx.el.div(*children, class_name=look)


def notice(title: Any, text: Any = "", *, tone: Tone = "info", action: Any = None) -> rx.Component:
    """A line above the content that says what is special about it, and what to do."""
    return rx.el.div(
        icon(NOTICE_ICONS[tone]),
        rx.el.div(
            rx.el.b(title, class_name="strong"),
            *([rx.el.p(text)] if isinstance(text, rx.Var) or text else []),
        ),
        *([rx.el.div(action, class_name="push")] if action is not None else []),
        class_name="notice",
        data_tone=tone,
    )


def needs_you(tone: Any, word: Text, title: Any, text: Any, href: Text) -> rx.Component:
    """One line of "Needs you": what kind of thing, which one, why, and a link to it."""
    return link(
        rx.fragment(
            badge(word, tone),
            rx.el.span(
                rx.el.span(title, class_name="needs-title"), rx.el.small(text), class_name="needs-text"
            ),
            icon("chevron-right"),
        ),
        href,
        class_name="needs",
    )


def key_values(*pairs: tuple[Text, Any], wide: bool = False, figures: bool = False) -> rx.Component:
    """Facts of a record as label and value; `figures` stand under each other at the end of the line."""
    if wide:
        return rx.el.dl(*[rx.el.div(rx.el.dt(k), rx.el.dd(v)) for k, v in pairs], class_name="kv kv-wide")
    return rx.el.dl(
        *[part for k, v in pairs for part in (rx.el.dt(k), rx.el.dd(v))],
        class_name="kv kv-figures" if figures else "kv",
    )
