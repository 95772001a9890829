"""Chart cards: one look, units named, a click opens the records, and the same numbers as a table.

A figure is a state var of type `plotly.graph_objects.Figure`; give it `layout` only what is particular to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import reflex as rx
from plotly import io
from plotly.graph_objs.layout import Template

from lattis_app.core.language import ASIDE_ENDS, FROM_LEFT, FROM_RIGHT, say
from lattis_app.ui.columns import Column
from lattis_app.ui.icons import icon
from lattis_app.ui.states import empty, skeleton_block
from lattis_app.ui.theme import chart_template

io.templates.default = None
"""The browser dresses a figure: Plotly's own look would be copied for and sent to every tab."""
MOST_TICKS, LAID_OUT = 10, 6
FEW, LONGEST = 4, 10
MARKS = FROM_LEFT + FROM_RIGHT + ASIDE_ENDS
"""Beside other text they keep a label's order; a label alone is measured wrongly with them."""
UPRIGHT = (0, 90)
ASIDE = {"ticks": "outside", "ticklen": 8, "tickcolor": "rgba(0,0,0,0)"}
"""Names that keep away from their bars."""
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def bars(
    series: Mapping[str, Sequence[float]], labels: Sequence[str], *, x: str, y: str, unit: str = ""
) -> go.Figure:
    """Bars beside each other, one colour per series; `x` and `y` name the axes, the unit included.

    Many long names need a line each: their bars lie.
    """
    labels = [label.strip(MARKS) for label in labels]
    lie = len(labels) > FEW and max(map(len, labels)) > LONGEST
    names, values = ("y", "x") if lie else ("x", "y")
    hover = f"<b>%{{{names}}}</b><br>%{{fullData.name}} {unit} %{{{values}:,.2f}}<extra></extra>"
    figure = go.Figure(
        [
            go.Bar(
                {names: list(labels), values: list(each)},
                name=say(name),
                orientation="h" if lie else "v",
                hovertemplate=hover,
            )
            for name, each in series.items()
        ]
    )
    if not lie:
        return _along(named_axes(figure, x=x, y=y, legend=len(series) > 1), labels)
    _lay(figure, [value for each in series.values() for value in each])
    figure.update_yaxes(autorange="reversed")
    return named_axes(figure, x=y, y="", legend=len(series) > 1)


def lines(
    series: Mapping[str, Sequence[float]], labels: Sequence[str], *, x: str, y: str, unit: str = ""
) -> go.Figure:
    """Lines over time, one colour per series."""
    hover = f"<b>%{{x}}</b><br>%{{fullData.name}} {unit} %{{y:,.2f}}<extra></extra>"
    look = {
        "mode": "lines+markers",
        "line": {"width": 2, "shape": "spline", "smoothing": 0.5},
        "marker": {"size": 5},
    }
    traces = [
        go.Scatter(name=say(name), x=list(labels), y=list(v), hovertemplate=hover, **look)
        for name, v in series.items()
    ]
    return _along(named_axes(go.Figure(traces), x=x, y=y, legend=len(series) > 1), labels)


def _along(figure: go.Figure, labels: Sequence[str]) -> go.Figure:
    """Name every second, third … of many labels, and break long ones, so that they stand upright beside each other."""
    every = -(-len(labels) // LAID_OUT) if len(labels) > MOST_TICKS else 1
    named = list(labels)[::every]
    broken = [label.replace(" ", "<br>") if len(named) > FEW else label for label in named]
    figure.update_xaxes(tickvals=named, ticktext=broken, autotickangles=UPRIGHT, **ASIDE)
    if _few(value for trace in figure.data for value in trace.y):
        figure.update_yaxes(dtick=1)
    return figure


def _few(values: Iterable[float]) -> bool:
    """Whether these count a handful of things, which have no halves."""
    counted = list(values)
    return all(value == int(value) for value in counted) and 0 < max(counted, default=0) <= FEW


def ranked(values: Mapping[str, float], *, y: str, unit: str = "") -> go.Figure:
    """Horizontal bars, the largest on top: who or what contributes most."""
    names = sorted(values, key=lambda name: values[name])
    hover = f"<b>%{{y}}</b><br>{unit} %{{x:,.2f}}<extra></extra>"
    figure = go.Figure(
        go.Bar(x=[values[name] for name in names], y=names, orientation="h", hovertemplate=hover)
    )
    figure.update_layout(bargap=0.36 if len(names) > FEW else 0.68)
    _lay(figure, list(values.values()))
    return named_axes(figure, x=y, y="", legend=False)


def _lay(figure: go.Figure, values: Sequence[float]) -> None:
    """Let figures run along and names stand aside."""
    figure.update_xaxes(showgrid=True, nticks=FEW, tickformat="~s", autotickangles=UPRIGHT)
    figure.update_yaxes(showgrid=False, rangemode="normal", **ASIDE)
    if _few(values):
        figure.update_xaxes(dtick=1)


def named_axes(figure: go.Figure, *, x: str, y: str, legend: bool = True) -> go.Figure:
    """Name both axes, units included. The template is added in the browser, light or dark."""
    figure.update_layout(showlegend=legend)
    figure.update_xaxes(title_text=say(x))
    figure.update_yaxes(title_text=say(y))
    return figure


def chart_card(
    title: Any,
    figure: Any,
    *,
    ready: Any,
    columns: Sequence[Column],
    rows: Any,
    on_click: Any = None,
    more: Any = None,
    height: int = 260,
    nothing: str = "There is nothing to draw for this period. Choose a longer one.",
) -> rx.Component:
    """A chart in a card. `rows` holds the same numbers for the table; `ready` is true once they are loaded.

    `on_click` is a handler that takes plotly's list of points and opens the records behind the first of them.
    """
    plot = _plot(figure, on_click)
    drawn = rx.cond(
        rows.length() > 0,
        rx.el.div(plot, class_name="chart-body", role="img", aria_label=title),
        empty("No figures", nothing, glyph="chart-column"),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title),
            rx.el.div(_table_switch(title), *([more] if more is not None else []), class_name="row"),
            class_name="card-head",
        ),
        rx.el.div(rx.cond(ready, drawn, skeleton_block(f"{height}px")), class_name="chart"),
        rx.el.div(_as_table(columns, rows), class_name="chart-table"),
        class_name="card chart-card",
        style={"--chart-height": f"{height}px"},
    )


def _plot(figure: Any, on_click: Any) -> rx.Component:
    look = rx.color_mode_cond(
        light=rx.Var.create(chart_template()), dark=rx.Var.create(chart_template(dark=True))
    )
    return rx.plotly.cartesian(
        data=figure,
        template=look.to(Template),
        config=CONFIG,
        width="100%",
        height="100%",
        **({"on_click": on_click} if on_click is not None else {}),
    )


def _table_switch(title: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", class_name="chart-toggle sr-only", aria_label=f"{title} as a table"),
        icon("list"),
        "Table",
        class_name="chart-toggle-label",
    )


def _as_table(columns: Sequence[Column], rows: Any) -> rx.Component:
    return rx.el.table(
        rx.el.thead(rx.el.tr(*[rx.el.th(c.label, scope="col", class_name=c.look()) for c in columns])),
        rx.el.tbody(
            rx.foreach(
                rows,
                lambda row: rx.el.tr(*[rx.el.td(row[c.key], class_name=c.look()) for c in columns]),
            )
        ),
        class_name="table table-compact",
    )
