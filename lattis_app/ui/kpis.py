"""Key figures: a number, a comparison in words, and a way to what it is made of."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from lattis_app.core.language import say
from lattis_app.ui.buttons import Text


def kpi(
    label: str, value: Any, note: Any = "", *, href: Text = "", unit: Any = "", trend: Any = ""
) -> rx.Component:
    """A key figure. `trend` is the coloured start of the note (see `rise` and `fall`); `href` opens the records."""
    face = [
        rx.el.span(label, class_name="kpi-label"),
        rx.el.span(value, *([rx.el.small(" ", unit)] if unit else []), class_name="kpi-value"),
        rx.el.span(trend, " " if trend else "", note, class_name="kpi-note"),
    ]
    if isinstance(href, rx.Var) or href:
        return ReactRouterLink.create(*face, to=href, class_name="card kpi")
    return rx.el.div(*face, class_name="card kpi")


def kpi_row(*cards: rx.Component) -> rx.Component:
    """Key figures side by side; two columns on a phone."""
    return rx.el.div(*cards, class_name="kpi-row")


def rise(text: Text) -> rx.Component:
    """A change for the better, for example `▲ 12.4 %`."""
    return rx.el.span(text, class_name="good num")


def fall(text: Text) -> rx.Component:
    """A change for the worse, for example `▼ 3.1 %` or an overdue amount."""
    return rx.el.span(text, class_name="poor num")


def compare(now: int, before: int) -> str:
    """The change of a figure against an earlier one: `▲ 12.4 %`, `▼ 3.0 %`, `No change`."""
    if before == 0:
        return say("New") if now else say("No change")
    permille = round(1000 * (now - before) / abs(before))
    if permille == 0:
        return say("No change")
    return f"{'▲' if permille > 0 else '▼'} {abs(permille) / 10:.1f} %"


def look_of(change: str) -> str:
    """The class of a change that `compare` put into words, where more is better."""
    return {"▼": "poor num", "▲": "good num"}.get(change[:1], "num")
