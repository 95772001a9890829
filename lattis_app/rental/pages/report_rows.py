"""A report as text: its totals, its columns and rows with their links, and its chart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypedDict

import plotly.graph_objects as go

from lattis_app.core.exports import Column
from lattis_app.core.language import say, translate
from lattis_app.core.money import SYMBOLS, Money
from lattis_app.rental.documents.reports import name_of, readable
from lattis_app.rental.documents.wording import in_words, payment_method
from lattis_app.rental.pages.report_looks import Links, Look
from lattis_app.rental.statuses import PaymentMethod
from lattis_app.ui import moments
from lattis_app.ui.charts import bars, lines, ranked

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST_SHOWN = 400
MOST_RANKED = 12
MOST_BARS = 31
MOST_NAMED = 2


class Heading(TypedDict):
    """The head of a column."""

    label: str
    look: str


class Cell(TypedDict):
    """One value of a row; `href` opens the records behind it."""

    text: str
    href: str
    look: str
    label: str
    unit: str


class Total(TypedDict):
    """One key figure."""

    label: str
    value: str
    href: str


class Line(TypedDict):
    """One row."""

    id: str
    cells: list[Cell]


def totals(found: Any, links: Links) -> list[Total]:
    """The key figures, each with what it is made of."""
    return [
        Total(
            label=translate(name_of(column)),
            value=_figure(column.value(found.totals)),
            href=links.get(column.path[0], ""),
        )
        for column in readable(type(found.totals))
    ]


def headings(columns: Sequence[Column], sample: Any) -> list[Heading]:
    """The heads of the columns."""
    return [
        Heading(label=translate(name_of(column)), look=_look(column, sample, place))
        for place, column in enumerate(columns)
    ]


def line(row: Any, columns: Sequence[Column], links: Links, number: int) -> Line:
    """One row as text."""
    cells = []
    for place, column in enumerate(columns):
        cells.append(
            Cell(
                text=_tick(column.value(row)) if column.path == ("period",) else text(column.value(row)),
                href=links.get(column.path[0], ""),
                look=_look(column, row, place),
                label=translate(name_of(column)),
                unit=SYMBOLS["MYR"] if column.is_money else "",
            )
        )
    return Line(id=str(number), cells=cells)


def text(value: object) -> str:
    """A value as people read it."""
    match value:
        case None | "":
            return "–"
        case Money():
            return value.figures()
        case int() | Decimal():
            return f"{value:,}"
        case datetime():
            return moments.near(value)
        case date():
            return moments.day(value)
        case PaymentMethod():
            return say(payment_method(value))
        case StrEnum():
            return say(in_words(value))
        case _:
            return str(value)


def _figure(value: object) -> str:
    return value.text() if isinstance(value, Money) else text(value)


def _look(column: Column, row: Any, place: int) -> str:
    value = column.value(row) if row is not None else None
    kind = "money end" if column.is_money else "number end" if isinstance(value, (int, Decimal)) else ""
    return f"{kind} lead".strip() if place == 0 else kind


class Drawn(TypedDict):
    """A chart with its name, the same numbers as a table, and the records behind each point of each series."""

    title: str
    figure: go.Figure
    rows: list[dict[str, str]]
    hrefs: list[list[str]]


def draw(look: Look, rows: Sequence[Any], links: Sequence[Links], columns: Sequence[Column]) -> Drawn:
    """The chart of the rows: those of one label are added up."""
    named = {column.path[0]: column for column in columns}
    points = _points(look, rows, links)
    if look.kind == "ranked":
        points = sorted(points, key=lambda each: each.sums[0])[-MOST_RANKED:]
    names = [text(point.label) if look.kind != "time" else _tick(point.label) for point in points]
    money = look.series[0] in named and named[look.series[0]].is_money
    series = {
        _name(name, named): [point.sums[place] / 100 if money else point.sums[place] for point in points]
        for place, name in enumerate(look.series)
    }
    y = SYMBOLS["MYR"] if money else next(iter(series)) if len(series) == 1 else "Number"
    x = translate(_name(look.label, named))
    what = [translate(name) for name in series] if len(series) <= MOST_NAMED else [say("Number")]
    what[1:] = [name.lower() for name in what[1:]]
    return Drawn(
        title=say("{figures} by {label}", figures=say(" and ").join(what), label=x.lower()),
        figure=_figure_of(look, series, names, x, translate(y)),
        rows=[
            {"name": name, "figures": " · ".join(_shown(value, money) for value in point.sums)}
            for name, point in zip(names, points, strict=True)
            if any(point.sums)
        ],
        hrefs=[[point.hrefs[place] for point in points] for place in range(len(look.series))],
    )


def _name(field: str, columns: Mapping[str, Column]) -> str:
    return name_of(columns[field]) if field in columns else field.capitalize()


class _Point:
    """What the rows of one label come to."""

    def __init__(self, label: Any, series: Sequence[str]) -> None:
        self.label, self.sums, self.hrefs = label, [0] * len(series), [""] * len(series)


def _points(look: Look, rows: Sequence[Any], links: Sequence[Links]) -> list[_Point]:
    found: dict[Any, _Point] = {}
    for row, link in zip(rows, links, strict=True):
        label = getattr(row, look.label)
        is_first = label not in found
        point = found.setdefault(label, _Point(label, look.series))
        for place, name in enumerate(look.series):
            point.sums[place] += getattr(row, name, 1) or 0
            point.hrefs[place] = link.get(name if is_first else look.label, "") or link.get(look.label, "")
    ordered = list(found.values())
    return sorted(ordered, key=lambda each: each.label) if look.kind == "time" else ordered


def _figure_of(
    look: Look, series: Mapping[str, Sequence[Any]], names: Sequence[str], x: str, y: str
) -> go.Figure:
    if look.kind == "ranked":
        values = next(iter(series.values()))
        return ranked(dict(zip(names, values, strict=True)), y=y)
    if look.kind == "time" and len(names) > MOST_BARS:
        return lines(series, names, x=x, y=y)
    return bars(series, names, x=x, y=y)


def _tick(label: Any) -> str:
    """A day as people read it; weeks and months as they are called."""
    if isinstance(label, date):
        return moments.near_day(label)
    return moments.near_day(date.fromisoformat(label)) if DAY.fullmatch(label) else str(label)


def _shown(value: int, money: bool) -> str:
    return Money(value).figures() if money else f"{value:,}"
