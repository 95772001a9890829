"""Money on the page: always text made by `core.money`, in tabular figures, with a real minus."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.money import Money


def money(text: str | rx.Var[str], *, strong: bool = False) -> rx.Component:
    """An amount that is already text, for example `RM 350.00` or `−100.00`."""
    return rx.el.span(text, class_name="money strong" if strong else "money")


def amount(value: Money | None) -> str:
    """An amount for a card or a sentence, with its currency; a dash when there is none."""
    return value.text() if value is not None else "–"


def figures(value: Money | None) -> str:
    """An amount for a column whose heading names the currency; a dash when there is none."""
    return value.figures() if value is not None else "–"


def share(part: Money, whole: Money) -> str:
    """A part of a whole in words, rounded to whole percent: `82 % of sales` starts here."""
    return f"{round(100 * part.minor / whole.minor)} %" if whole.minor else "–"


def money_lines(lines: Any, *sums: tuple[Any, Any]) -> rx.Component:
    """Lines of a document: description, quantity, amount; the sums under them, the one that counts last.

    `lines` is a var of dicts with `text`, `quantity` and `amount`; `sums` are (words, amount).
    """
    rows = [
        rx.el.tr(rx.el.td(words, col_span=2), rx.el.td(money(sum_), class_name="end")) for words, sum_ in sums
    ]
    foot = [rx.el.tfoot(*rows)] if rows else []
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Line", scope="col"),
                    rx.el.th("Qty", scope="col", class_name="end"),
                    rx.el.th("Amount", scope="col", class_name="end"),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    lines,
                    lambda line: rx.el.tr(
                        rx.el.td(line["text"], class_name="wrap"),
                        rx.el.td(line["quantity"], class_name="end number"),
                        rx.el.td(line["amount"], class_name="end money"),
                    ),
                )
            ),
            *foot,
            class_name="table table-compact",
        ),
        class_name="card card-flush",
    )
