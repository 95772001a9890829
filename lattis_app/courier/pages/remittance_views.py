"""One remittance as the office sees it, and the way in for a partner's file."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.courier.pages.record_lines import line_pager
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import confirm, confirm_button
from lattis_app.ui.forms import Fields, form_alert, form_sheet, side_by_side
from lattis_app.ui.frame import FrameState
from lattis_app.ui.icons import icon
from lattis_app.ui.layout import card, key_values, notice, stack
from lattis_app.ui.money import money
from lattis_app.ui.records import lifecycle_strip, next_steps, record_head
from lattis_app.ui.states import empty
from lattis_app.ui.tables import simple_table

LINES = (
    Column("tracking_number", "Parcel", "link", note="note"),
    Column("expected", "Expected (RM)", "money"),
    Column("remitted", "Paid over (RM)", "money"),
    Column("difference", "Difference (RM)", "money", priority=2),
)


def remittance_record(state: Any) -> list[rx.Component]:
    """The record beside the list."""
    record = state.record
    steps = rx.fragment(
        confirm_button("Accept", "accept-remittance", kind="primary"),
        button("Put aside", on_click=state.discard),
    )
    return [
        record_head(
            "Remittance",
            record["partner"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        next_steps(only_while(record["is_open"] != "", steps)),
        form_alert(state),
        stack(_sums(record), _lines(state)),
        confirm(
            "accept-remittance",
            "Take this payment into the books?",
            rx.fragment(
                record["remitted_text"],
                " counts as received from ",
                record["partner"],
                ". Each parcel keeps what was paid over for it.",
            ),
            action="Accept the payment",
            on_confirm=state.accept,
            kind="primary",
            keep="Not now",
            attempt=state.attempt,
        ),
    ]


def _sums(record: Any) -> rx.Component:
    return stack(
        only_while(
            record["short"] != "",
            notice("The partner pays too little", record["difference_text"], tone="warn"),
        ),
        card(
            key_values(
                ("Expected", money(record["expected_text"])),
                ("Paid over", money(record["remitted_text"])),
                (rx.el.b("Difference"), money(record["difference_text"], strong=True)),
                figures=True,
            )
        ),
        key_values(
            ("Delivered", record["days"]),
            ("Reference", record["reference"]),
            ("File", record["file"]),
            ("Sent", record["sent"]),
            ("Accepted", record["accepted"]),
        ),
    )


def _lines(state: Any) -> rx.Component:
    choices = rx.el.div(
        rx.foreach(
            state.tallies,
            lambda each: rx.el.button(
                each["word"],
                rx.el.span(each["count"], class_name="num muted"),
                type="button",
                class_name="btn btn-small btn-choice",
                aria_pressed=rx.cond(state.match == each["match"], "true", "false"),
                on_click=lambda: state.choose_match(each["match"]),
                key=each["match"],
            ),
        ),
        class_name="row row-wrap",
        role="group",
        aria_label="How lines compare",
    )
    nothing = empty("None of these", "Every line of the file compares in another way.", glyph="circle-check")
    table = simple_table(LINES, state.lines, label="Lines of the file")
    return stack(choices, rx.cond(state.lines.length() > 0, table, nothing), line_pager(state), tight=True)


def drop_zone(state: Any) -> rx.Component:
    """Where the file goes once it is known whose it is."""
    return card(
        rx.el.div(
            rx.el.label(
                icon("upload", size=20),
                rx.el.span(rx.el.b("Choose a file"), " or drop it here"),
                rx.el.span(
                    "CSV or XLSX with the columns tracking_number and amount", class_name="muted small"
                ),
                rx.el.input(
                    type="file",
                    accept=".csv,.xlsx,.txt",
                    data_upload=state.upload_to,
                    aria_label="Choose a file",
                ),
                class_name="drop",
            ),
            rx.el.div(class_name="upload-list", role="status"),
            rx.el.button(
                type="button",
                hidden=True,
                data_uploaded="true",
                on_click=state.compared,
                aria_hidden="true",
                tab_index=-1,
            ),
            class_name="stack-tight upload",
            data_csrf=FrameState.csrf,
        ),
        title=state.upload_words,
        more=button("Not now", small=True, on_click=state.put_away),
    )


def compare_sheet(state: Any) -> rx.Component:
    """Whose file it is, and which days it should cover."""
    f = Fields(state, "compare")
    return form_sheet(
        state,
        "compare-sheet",
        "Compare a partner's file",
        f.text("partner", "Delivery partner", required=True, hint="As it stands on your parcels"),
        side_by_side(
            f.date("from", "Delivered from", required=True),
            f.date("to", "Delivered to", required=True),
        ),
        f.text("reference", "Reference", hint="Of the bank or the partner"),
        on_submit=state.prepare,
        submit="Next: the file",
        note="Parcels of these days that the file leaves out are named",
    )
