"""A settlement run as the office sees it: before, after, and the log."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.courier.pages.record_lines import line_pager
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import confirm, confirm_button
from lattis_app.ui.forms import form_alert
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.layout import card, page_header
from lattis_app.ui.states import empty, skeleton, skeleton_block
from lattis_app.ui.tables import simple_table

AMOUNTS = (
    Column("parcels", "Parcels", "number", priority=2),
    Column("collected", "Collected (RM)", "money", priority=2),
    Column("charges", "Charges (RM)", "money", priority=2),
    Column("corrections", "Corrections (RM)", "money", priority=3),
    Column("carried", "Carried (RM)", "money", priority=3),
    Column("payable", "Payable (RM)", "money"),
)
OUTCOME = Column("outcome", "Outcome", "badge")
PREVIEW = (Column("merchant", "Merchant", "link", note="why"), OUTCOME, *AMOUNTS)
DONE = (
    Column("merchant", "Merchant", note="why"),
    OUTCOME,
    Column("invoice", "Invoice", "link"),
    *AMOUNTS,
)
PAST = (
    Column("when", "Run", "link"),
    Column("by", "By"),
    Column("as_of", "Delivered until", "date", priority=2),
    Column("invoices", "Invoices", "number"),
    Column("parcels", "Parcels", "number", priority=2),
    Column("payable", "Payable (RM)", "money"),
)


def settlement_page(state: Any, lines: rx.Component) -> rx.Component:
    """Heading, lines, log, and the question before it is run."""
    return rx.fragment(
        live_refresh(state.load, "merchant_invoice.", "parcel.", "settlement_run."),
        rx.cond(state.run_id != "", _head_of_run(state), _head_of_preview(state)),
        form_alert(state),
        rx.cond(state.ready, lines, skeleton_block("320px")),
        only_while(state.past.length() > 0, _log(state)),
        confirm(
            "settle-all",
            "Settle everybody now?",
            rx.fragment(
                state.sums["invoices"],
                " for ",
                state.sums["parcels"],
                ": ",
                state.sums["payable"],
                ". Each merchant sees theirs at once. An invoice that isn't paid yet can be cancelled.",
            ),
            action="Generate the invoices",
            on_confirm=state.generate,
            kind="primary",
            keep="Not now",
            attempt=state.attempt,
        ),
    )


def _head_of_preview(state: Any) -> rx.Component:
    told = rx.fragment(state.sums["invoices"], " · ", state.sums["parcels"], " · ", state.sums["payable"])
    day = rx.el.form(
        rx.el.label(
            rx.el.span("Delivered until", class_name="muted small nowrap"),
            rx.el.input(
                type="date", name="as_of", class_name="input", default_value=state.as_of, key=state.as_of
            ),
            class_name="row",
        ),
        button("Show", type="submit"),
        on_submit=state.look,
        class_name="row",
    )
    run_it = rx.cond(
        state.sums["ready"], confirm_button("Settle everybody", "settle-all", kind="primary"), rx.fragment()
    )
    return page_header(
        "Settle", rx.cond(state.ready, rx.el.span(told, class_name="num"), skeleton("240px")), day, run_it
    )


def _head_of_run(state: Any) -> rx.Component:
    told = rx.fragment(
        state.sums["invoices"],
        " · ",
        state.sums["parcels"],
        " · ",
        state.sums["payable"],
        " · ",
        state.sums["by"],
    )
    return page_header(
        rx.cond(state.ready, rx.fragment("Settled on ", state.sums["when"]), skeleton("190px", "20px")),
        rx.el.span(told, class_name="num"),
        button("What can be settled now", on_click=state.begin_again),
        button("Invoices to pay", kind="primary", href="/courier/invoices?status=GENERATED"),
    )


def run_lines(state: Any) -> rx.Component:
    """One line for each merchant, with why one is held or refused."""
    nothing = card(
        empty(
            "Nothing to settle",
            "Every parcel that has arrived or come back is on an invoice already. New ones appear here as they arrive.",
            button("Open parcels", href="/courier/parcels"),
            glyph="package-check",
        )
    )
    table = rx.cond(
        state.run_id != "",
        simple_table(DONE, state.lines, label="What became of each merchant"),
        simple_table(PREVIEW, state.lines, label="What would be settled"),
    )
    return rx.cond(state.lines.length() > 0, rx.el.div(table, line_pager(state)), nothing)


def _log(state: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Runs"), link("All invoices", "/courier/invoices"), class_name="card-head"),
        simple_table(PAST, state.past, label="Runs"),
    )
