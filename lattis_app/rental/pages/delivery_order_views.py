"""The parts of the delivery order page: the record's tabs, its forms and its questions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.rental.documents.wording import PAYMENT_METHODS, in_words
from lattis_app.rental.pages.delivery_order_forms import MOST_LINES
from lattis_app.rental.pages.price_suggestions import CHOSEN
from lattis_app.rental.statuses import FulfilmentStatus, ReminderType
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link, menu_item, menu_line, more_menu
from lattis_app.ui.columns import Column
from lattis_app.ui.dialogs import confirm, confirm_button
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side, upload
from lattis_app.ui.frame import FrameState
from lattis_app.ui.layout import key_values, notice, stack
from lattis_app.ui.money import money, money_lines
from lattis_app.ui.records import (
    files,
    history,
    lifecycle_strip,
    next_steps,
    photos,
    record_head,
    step_if,
    tabs,
)
from lattis_app.ui.tables import simple_table

ROAD_BUTTONS = (
    ("start", "Start trip", FulfilmentStatus.STARTED),
    ("deliver", "Mark delivered", FulfilmentStatus.DELIVERED),
    ("collect", "Mark collected", FulfilmentStatus.COLLECTED),
    ("finish", "Close job", FulfilmentStatus.DONE),
)
PAYMENT_COLUMNS = (
    Column("receipt", "Receipt", "link"),
    Column("method", "Method"),
    Column("when", "Received"),
    Column("amount", "Amount (RM)", "money"),
)


def record(state: Any) -> list[rx.Component]:
    """The record beside the list."""
    return [
        record_head("Delivery order", state.facts["number"], _more(state), on_close=state.close_record),
        lifecycle_strip(state.steps),
        rx.cond(
            state.facts["stopped"] != "",
            notice(state.facts["road"], state.facts["stopped"], tone="bad"),
            rx.fragment(),
        ),
        _next(state),
        tabs(
            "order-tabs",
            ("Summary", _summary(state)),
            ("Photos", _photos(state)),
            ("Money", _money(state)),
            ("History", history(state.events)),
            counts={1: state.photos.length(), 2: state.payments.length()},
        ),
    ]


def _papers(state: Any) -> list[rx.Component]:
    printed = "/v1/print/do/" + state.open_id.to(str)
    paper: dict[str, Any] = {"download": True, "target": "_blank"}
    proof = menu_item("Proof of delivery", glyph="camera", href=printed + "/proof", **paper)
    return [
        menu_item("Print on A4", glyph="printer", href=printed + "?a4=true", **paper),
        menu_item("Print on 80 mm", glyph="receipt", href=printed + "?a4=false", **paper),
        rx.cond(state.facts["is_delivered"] != "", proof, rx.fragment()),
    ]


def _more(state: Any) -> rx.Component:
    return more_menu(
        "order-more",
        *_papers(state),
        rx.cond(
            state.allowed.contains("remind"),
            rx.fragment(
                menu_line(),
                menu_item("Remind to collect…", glyph="alarm-clock", data_opens="remind-sheet"),
            ),
            rx.fragment(),
        ),
        rx.cond(
            state.allowed.contains("transfer"),
            rx.fragment(
                menu_item("Exchange the bin…", glyph="repeat", on_click=state.begin_exchange),
                rx.cond(
                    state.facts["move_id"] != "",
                    menu_item("Call the move off…", glyph="ban", data_opens="call-move-off"),
                    menu_item("Move to another site…", glyph="map-pin", on_click=state.begin_move),
                ),
            ),
            rx.fragment(),
        ),
        rx.cond(
            state.allowed.contains("fail"),
            rx.cond(
                state.facts["is_draft"] == "",
                menu_item("Can't be delivered…", glyph="ban", tone="bad", data_opens="fail-order"),
                rx.fragment(),
            ),
            rx.fragment(),
        ),
    )


def _next(state: Any) -> rx.Component:
    road = [
        step_if(state.allowed, name, button(label, on_click=state.take_step(str(status))))
        for name, label, status in ROAD_BUTTONS
    ]
    return next_steps(
        step_if(state.allowed, "issue", button("Issue order", kind="primary", on_click=state.issue)),
        step_if(state.allowed, "invoice", button("Issue invoice", kind="primary", on_click=state.invoice)),
        *road,
        step_if(state.allowed, "edit", button("Edit", glyph="pencil", on_click=state.edit)),
        step_if(state.allowed, "details", button("Edit", glyph="pencil", on_click=state.edit)),
        step_if(state.allowed, "correct", button("Correct weight", on_click=state.edit)),
        step_if(state.allowed, "cancel", confirm_button("Cancel", "cancel-order", kind="danger")),
    )


def _summary(state: Any) -> rx.Component:
    known = rx.foreach(
        state.details,
        lambda each: rx.fragment(
            rx.el.dt(each["label"]),
            rx.el.dd(rx.cond(each["href"] != "", link(each["value"], each["href"]), each["value"])),
        ),
    )
    notes = rx.el.p(state.facts["notes"], class_name="muted pre-line")
    return stack(
        lifecycle_strip(state.road),
        rx.el.dl(known, class_name="kv"),
        rx.cond(state.facts["signature"] != "", _signature(state), rx.fragment()),
        rx.cond(state.facts["notes"] != "", notes, rx.fragment()),
        money_lines(state.lines, ("To pay", state.facts["to_pay"])),
    )


def _signature(state: Any) -> rx.Component:
    signed = state.facts["signed"]
    return rx.el.figure(
        rx.el.img(src=state.facts["signature"], alt=signed),
        rx.el.figcaption(signed, class_name="muted small"),
        class_name="signature",
    )


def _photos(state: Any) -> rx.Component:
    return stack(
        rx.el.p(state.facts["photos"], class_name="muted small"),
        rx.cond(state.photos.length() > 0, photos(state.photos), rx.fragment()),
        rx.cond(state.papers.length() > 0, files(state.papers), rx.fragment()),
        upload("DO", state.open_id, then=state.refresh, csrf=FrameState.csrf, label="Add photos or papers"),
    )


def _money(state: Any) -> rx.Component:
    facts = state.facts
    invoice = rx.cond(
        facts["invoice_href"] != "",
        rx.el.span(
            link(facts["invoice"], facts["invoice_href"]), " ", badge(facts["invoice_status"], "neutral")
        ),
        facts["invoice"],
    )
    return stack(
        key_values(
            ("Order", money(facts["total"])),
            ("Invoice", invoice),
            ("Invoiced", money(facts["invoice_total"])),
            ("Paid", money(facts["invoice_paid"])),
            ("To pay", money(facts["to_pay"], strong=True)),
        ),
        rx.cond(
            state.payments.length() > 0,
            simple_table(PAYMENT_COLUMNS, state.payments, label="Payments"),
            rx.el.p("Nothing has been paid yet.", class_name="muted small"),
        ),
    )


def order_sheet(state: Any) -> rx.Component:
    """The form of a new order or a draft."""
    f = Fields(state, "order")
    return form_sheet(
        state,
        "order-sheet",
        rx.cond(state.editing != "", "Edit draft", "New delivery order"),
        f.combobox(
            "customer_id",
            "Customer",
            options=state.customer_options,
            search=state.find_customers,
            required=True,
        ),
        f.combobox(
            "inventory_bin_id",
            "Bin",
            options=state.bin_options,
            search=state.find_bins,
            required=True,
            hint="Only free bins are offered; the size is the bin's",
        ),
        _money_and_people(state, f),
        f.datetime("scheduled_at", "Scheduled", hint="Left empty: now"),
        section("What goes in", *_lines(state, f)),
        _more_fields(f),
        rx.cond(
            state.editing == "",
            f.checkbox("as_draft", "Keep as a draft", hint="No number yet, and the bin stays free"),
            rx.fragment(),
        ),
        on_submit=state.save,
        submit="Save order",
        wide=True,
    )


def _money_and_people(state: Any, f: Fields) -> rx.Component:
    return rx.fragment(
        side_by_side(
            f.money("amount", "Amount", required=True),
            f.select("payment_method", "Payment", tuple(PAYMENT_METHODS.items()), required=True),
        ),
        side_by_side(
            f.combobox("driver_id", "Driver", options=state.driver_options),
            f.combobox("lorry_id", "Lorry", options=state.lorry_options),
        ),
    )


def _more_fields(f: Fields) -> rx.Component:
    return section(
        "More",
        side_by_side(f.text("do_by_name", "Ordered by"), f.phone("phone", "Phone on site")),
        f.textarea("site_address", "Site", hint="Left empty: the customer's address"),
        side_by_side(f.text("do_book_number", "Book number"), f.text("po_number", "Customer's order number")),
        side_by_side(f.number("weight_kg", "Weight", unit="kg"), f.text("introducer_name", "Introduced by")),
        f.textarea("notes", "Notes", hint="Printed on the order"),
    )


def _lines(state: Any, f: Fields) -> list[rx.Component]:
    asks = {"on_change": rx.call_script(CHOSEN, callback=state.suggest_price)}
    rows = [
        rx.el.div(
            side_by_side(
                f.select(
                    f"waste_items.{place}.waste_item_id",
                    "Kind of waste",
                    state.waste_options,
                    empty="Other",
                    **(asks if place == 0 else {}),
                ),
                f.text(f"waste_items.{place}.description", "Description"),
            ),
            side_by_side(
                f.number(f"waste_items.{place}.quantity", "Quantity", placeholder="1"),
                f.text(f"waste_items.{place}.unit", "Unit"),
                f.money(f"waste_items.{place}.price", "Price"),
            ),
            class_name="stack-tight",
            hidden=state.line_count <= place,
        )
        for place in range(MOST_LINES)
    ]
    more = rx.cond(
        state.line_count < MOST_LINES,
        button("Add a line", glyph="plus", small=True, on_click=state.add_line),
        rx.fragment(),
    )
    note = rx.el.p("Lines add up to the amount, or may be left empty.", class_name="field-hint")
    return [note, *rows, rx.el.div(more)]


def details_sheet(state: Any) -> rx.Component:
    """The form of what may still be corrected of an issued order."""
    f = Fields(state, "details")
    before = rx.fragment(
        side_by_side(
            f.combobox("driver_id", "Driver", options=state.driver_options),
            f.combobox("lorry_id", "Lorry", options=state.lorry_options),
        ),
        side_by_side(f.text("do_by_name", "Ordered by"), f.phone("phone", "Phone on site")),
        side_by_side(f.text("do_book_number", "Book number"), f.text("po_number", "Customer's order number")),
    )
    return form_sheet(
        state,
        "details-sheet",
        rx.fragment("Edit ", state.facts["number"]),
        rx.cond(state.facts["finished"] == "", before, rx.fragment()),
        f.number("weight_kg", "Weight", unit="kg"),
        f.textarea("notes", "Notes"),
        rx.cond(
            state.facts["finished"] != "",
            f.text("reason", "Reason", hint="Why the weight of a finished job changes"),
            rx.fragment(),
        ),
        on_submit=state.correct,
        submit="Save changes",
    )


def questions(state: Any) -> list[rx.Component]:
    """What is asked before something that can't be undone, and the reminder."""
    return [
        confirm(
            "cancel-order",
            "Cancel this order?",
            "The bin becomes free again, a draft invoice is voided and reminders are dropped.",
            action="Cancel the order",
            reason="Reason",
            on_confirm=state.cancel,
            attempt=state.attempt,
        ),
        confirm(
            "fail-order",
            "Can't be delivered?",
            "The trip ends, the bin goes back and the failed-trip fee is added. At least one photo is needed.",
            action="Note the failed trip",
            reason="Reason",
            on_confirm=state.fail,
            attempt=state.attempt,
        ),
        _reminder_sheet(state),
    ]


def _reminder_sheet(state: Any) -> rx.Component:
    f = Fields(state, "remind")
    return form_sheet(
        state,
        "remind-sheet",
        "Remind to collect",
        f.segmented("reminder_type", "When", tuple((str(kind), in_words(kind)) for kind in ReminderType)),
        f.datetime("scheduled_date", "Remind at", required=True),
        rx.cond(
            state.reminders.length() > 0,
            simple_table(
                (Column("when", "Reminder"), Column("status", "Status", "badge")),
                state.reminders,
                label="Reminders",
            ),
            rx.fragment(),
        ),
        on_submit=state.remind,
        submit="Set reminder",
        subtitle=state.facts["number"],
    )
