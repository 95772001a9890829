"""The parts of the bookings page: the list, the record and its forms."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.rental.documents.wording import PAYMENT_METHODS
from lattis_app.rental.pages import booking_rows as rows
from lattis_app.rental.pages.assignment_forms import assignment_sheet
from lattis_app.rental.pages.booking_forms import SIZE
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import confirm, confirm_button
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.layout import key_values, notice, page_header
from lattis_app.ui.records import (
    history,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import BulkAction, counted, data_table


def page_parts(state: Any) -> rx.Component:
    """The whole page."""
    new = button("New booking", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        live_refresh(state.refresh, "booking."),
        page_header("Bookings", counted(state, "booking", "bookings"), new),
        data_table(
            state,
            rows.LIST,
            label="Bookings",
            bulk=(BulkAction("Confirm", state.confirm_selected, "check"),),
            nothing=empty(
                "No bookings yet",
                "A booking says which size a customer wants, where and when. Confirm it, give it to a driver and a "
                "lorry, then make its delivery order.",
                button("New booking", kind="primary", on_click=state.begin),
                glyph="calendar-days",
            ),
        ),
        record_panel(state, *_record(state), label="Booking"),
        _booking_form(state),
        assignment_sheet(state),
        _order_form(state),
        confirm(
            "cancel-booking",
            "Cancel this booking?",
            "The driver's time and the promised bin are free again.",
            action="Cancel the booking",
            reason="Reason",
            on_confirm=state.cancel,
            attempt=state.attempt,
        ),
    )


def _record(state: Any) -> list[rx.Component]:
    allowed = state.allowed
    assign = button("Assign…", kind="primary", on_click=lambda: state.begin_assignment(state.open_id))
    order = button("Make delivery order…", kind="primary", on_click=state.begin_order)
    return [
        record_head("Booking", state.record["number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(allowed, "assign", assign),
            step_if(allowed, "order", order),
            step_if(allowed, "confirm", button("Confirm", on_click=state.confirm_booking)),
            step_if(allowed, "edit", button("Edit", glyph="pencil", on_click=state.edit)),
            step_if(allowed, "cancel", confirm_button("Cancel", "cancel-booking", kind="danger")),
        ),
        tabs("booking-tabs", ("Summary", _summary(state.record)), ("History", history(state.events))),
    ]


def _summary(record: Any) -> rx.Component:
    cancelled = notice("Cancelled", record["cancel_reason"], tone="bad")
    return rx.el.div(
        only_while(record["cancel_reason"] != "", cancelled),
        key_values(
            ("Customer", link(record["customer"], record["customer_href"])),
            ("Bin", record["size"]),
            ("When", record["scheduled_at"]),
            ("Back on", rx.fragment(record["return"], " · ", record["stay"])),
            ("Where", record["where"]),
            ("Driver · lorry", record["driver"]),
            ("Status", badge(record["status"], record["status_tone"])),
            (
                "Delivery order",
                rx.cond(record["order_href"] != "", link(record["order"], record["order_href"]), "None yet"),
            ),
            ("Notes", record["notes"]),
        ),
        class_name="stack",
    )


def _booking_form(state: Any) -> rx.Component:
    f = Fields(state, "booking")
    customer = f.combobox(
        "customer_id",
        "Customer",
        options=state.customer_options,
        search=state.find_customers,
        required=True,
    )
    no_bins = notice(
        "There are no bins yet",
        "A booking promises a bin of a size.",
        tone="warn",
        action=link("Add bins", "/rental/bins"),
    )
    return form_sheet(
        state,
        "booking-sheet",
        rx.cond(state.editing != "", "Edit booking", "New booking"),
        rx.cond(state.editing != "", rx.fragment(), customer),
        only_while(state.size_options.length() == 0, no_bins),
        f.select(SIZE, "Size of bin", state.size_options, required=True),
        side_by_side(
            f.datetime("scheduled_at", "When", required=True),
            f.number("hire_days", "Stays", unit="days"),
        ),
        side_by_side(f.text("area", "Area"), f.text("state", "State")),
        f.textarea("site_address", "Site address", hint="Left empty: the customer's address"),
        f.textarea("notes", "Notes", hint="The driver sees them"),
        on_submit=state.save,
        submit="Save booking",
    )


def _order_form(state: Any) -> rx.Component:
    f = Fields(state, "order")
    none_free = notice(
        "No bin of this size stands in the warehouse",
        "Bring one back, or choose another day.",
        tone="warn",
        action=link("Availability", "/rental/availability"),
    )
    return form_sheet(
        state,
        "booking-order-sheet",
        "Make delivery order",
        key_values(
            ("Booking", state.record["number"]),
            ("Customer", state.record["customer"]),
            ("When", state.record["scheduled_at"]),
            ("Driver · lorry", state.record["driver"]),
        ),
        only_while(state.bin_options.length() == 0, none_free),
        f.combobox(
            "inventory_bin_id", "Bin", options=state.bin_options, required=True, hint=state.record["size"]
        ),
        f.select(
            "waste_item_id",
            "Kind of waste",
            state.waste_options,
            empty="Not said",
            on_change=state.suggest_price,
        ),
        side_by_side(
            f.money("amount", "Amount", required=True),
            f.select("payment_method", "Payment", tuple(PAYMENT_METHODS.items()), required=True),
        ),
        f.text("po_number", "Customer's order number"),
        _introducer(f),
        f.textarea("notes", "Notes", hint="Printed on the order"),
        on_submit=state.make_order,
        submit="Issue order",
    )


def _introducer(f: Fields) -> rx.Component:
    hint = "Earns a commission. Left empty: the customer's own"
    return f.text("introducer_name", "Introducer", hint=hint)
