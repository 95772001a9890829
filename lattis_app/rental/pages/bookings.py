"""Bookings: the list, the record beside it, and the forms to take, assign and cancel one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import choices, customers_like
from lattis_app.rental.pages.records import dash, display, wanted, with_history
from lattis_app.rental.queries import bookings as queries
from lattis_app.rental.schemas.bookings import AssignmentEntry, BookingEntry, BookingFilters, BookingOut
from lattis_app.rental.services import bookings as services
from lattis_app.rental.statuses import BOOKING_LIFECYCLE, BookingStatus
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin, nested
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import page
from lattis_app.ui.records import (
    HistoryRow,
    Step,
    history,
    lifecycle_steps,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table

TONES = {"pending": "warn", "confirmed": "info", "assigned": "info", "fulfilled": "ok", "cancelled": "bad"}
STATUSES = tuple((str(status), words(status)) for status in BookingStatus)
STEPS = {
    BookingStatus.PENDING: ["assign", "confirm", "cancel"],
    BookingStatus.CONFIRMED: ["assign", "cancel"],
    BookingStatus.ASSIGNED: ["order", "cancel"],
}
LIST = ListSpec(
    "bookings",
    (
        Column("number", "Number", sortable=True),
        Column("customer", "Customer", note="site"),
        Column("scheduled_at", "When", "date", sortable=True),
        Column("size", "Bin", priority=2),
        Column("driver", "Driver · lorry", priority=3),
        Column("status", "Status", "badge", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("area", "Area", "text"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(
        ("To confirm", "status=pending"),
        ("To assign", "status=confirmed"),
        ("Assigned", "status=assigned"),
    ),
    search="Number or customer",
    export="/v1/bookings",
)
read = with_history(queries.find, "rental_bookings")


def row(booking: BookingOut) -> dict[str, str]:
    """One line of the list."""
    driven = (booking.driver_name, booking.lorry_registration_no)
    return {
        "id": str(booking.id),
        "number": booking.number,
        "customer": booking.customer_name,
        "site": booking.area,
        "scheduled_at": moments.moment(booking.scheduled_at),
        "size": f"any {booking.requested_bin_size.text}",
        "driver": " · ".join(part for part in driven if part) or "Not assigned",
        "status": words(booking.status),
        "status_tone": TONES[booking.status],
    }


def facts(booking: BookingOut) -> dict[str, str]:
    """The booking as label and value."""
    where = (booking.site_address, booking.area, booking.state)
    return row(booking) | {
        "where": dash(", ".join(part for part in where if part)),
        "return": moments.day(booking.expected_return_on),
        "notes": dash(booking.notes),
        "cancel_reason": booking.cancel_reason,
        "order_href": f"/rental/delivery-orders?booking={booking.id}",
    }


class BookingDraft(Draft):
    """A booking's form; its time is typed in the business's zone."""

    def parse(self) -> Any:
        """The typed input; raises pydantic's ValidationError."""
        tree = nested(self.form)
        if "scheduled_at" in tree:
            tree["scheduled_at"] = moments.from_typed(tree["scheduled_at"])
        return self.schema.model_validate(tree)


class Bookings(ListMixin, FormMixin, rx.State):
    """Bookings with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    events: list[HistoryRow] = []
    customer_options: list[Option] = []
    driver_options: list[Option] = []
    lorry_options: list[Option] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(BookingFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, UUID(record_id))
        self.record, self.allowed = facts(found), STEPS.get(found.status, [])
        self.steps = lifecycle_steps(BOOKING_LIFECYCLE, found.status)

    @handler
    async def refresh(self) -> None:
        """Show the list and the open record with fresh data."""
        if self.loaded:
            await self._again()

    @handler
    async def find_customers(self, text: str) -> None:
        """Offer customers while their name is typed."""
        self.customer_options = await run(self, customers_like, text)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new booking."""
        self.customer_options = await run(self, customers_like, "")
        self._begin(
            {"requested_bin_size.h_ft": "4", "requested_bin_size.l_ft": "12", "requested_bin_size.w_ft": "6"}
        )
        return open_dialog("booking-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Take the booking."""
        made = await self._submit(services.create, BookingDraft(BookingEntry, form))
        if made is None:
            return None
        self.open_id = str(made.id)
        return await self._done("booking-sheet", f"{made.number} taken")

    @handler
    async def confirm_booking(self) -> Any:
        """Accept the open booking."""
        booking = await run(self, services.confirm, UUID(self.open_id))
        return await self._done("", f"{booking.number} confirmed")

    @handler
    async def begin_assignment(self) -> Any:
        """Offer the drivers and lorries for the open booking."""
        offered = await run(self, choices)
        self.driver_options, self.lorry_options = offered.drivers, offered.lorries
        self._begin({})
        return open_dialog("assign-sheet")

    @handler
    async def assign(self, form: dict[str, Any]) -> Any:
        """Give the open booking to a driver and a lorry; a refusal says why, and when a bin is free."""
        entry = Draft(AssignmentEntry, form)
        booking = await self._submit(services.assign, UUID(self.open_id), entry)
        return None if booking is None else await self._done("assign-sheet", f"{booking.number} assigned")

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Call the open booking off with the typed reason."""
        reason = str(form.get("reason", "")).strip()
        booking = await self._submit(services.cancel, UUID(self.open_id), reason)
        if booking is None:
            return [close_dialog("cancel-booking"), toasts.refused(self.form_error)]
        return await self._done("cancel-booking", f"{booking.number} cancelled")

    async def _done(self, dialog: str, said: str) -> Any:
        await self._again()
        return [*([close_dialog(dialog)] if dialog else []), toasts.done(said)]


@page("/rental/bookings", "Bookings", Permission.RENTAL_BOOKINGS_READ, on_load=Bookings.load)
def bookings() -> rx.Component:
    """Bookings with the record beside the list."""
    state = Bookings
    return rx.fragment(
        live_refresh(state.refresh, "booking."),
        page_header(
            "Bookings",
            rx.el.span(state.total, " match", class_name="num"),
            button("New booking", kind="primary", glyph="plus", on_click=state.begin),
        ),
        data_table(
            state,
            LIST,
            label="Bookings",
            nothing=empty(
                "No bookings here",
                "A booking says which size a customer wants, where and when.",
                button("New booking", on_click=state.begin),
            ),
        ),
        record_panel(state, *_record(), label="Booking"),
        _booking_form(),
        _assignment_form(),
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


def _record() -> list[rx.Component]:
    state, record = Bookings, Bookings.record
    return [
        record_head("Booking", record["number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(
                state.allowed, "assign", button("Assign…", kind="primary", on_click=state.begin_assignment)
            ),
            step_if(state.allowed, "confirm", button("Confirm", on_click=state.confirm_booking)),
            step_if(
                state.allowed,
                "order",
                button("Make delivery order…", kind="primary", href=record["order_href"]),
            ),
            step_if(state.allowed, "cancel", confirm_button("Cancel", "cancel-booking")),
        ),
        tabs(
            "booking-tabs",
            (
                "Summary",
                key_values(
                    ("Customer", record["customer"]),
                    ("Bin", record["size"]),
                    ("When", record["scheduled_at"]),
                    ("Back on", record["return"]),
                    ("Where", record["where"]),
                    ("Driver · lorry", record["driver"]),
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Notes", record["notes"]),
                    ("Cancelled because", dash_or(record["cancel_reason"])),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]


def dash_or(text: Any) -> Any:
    """Text, or a dash while there is none."""
    return rx.cond(text, text, "–")


def _booking_form() -> rx.Component:
    f = Fields(Bookings, "booking")
    return form_sheet(
        Bookings,
        "booking-sheet",
        "New booking",
        f.combobox(
            "customer_id",
            "Customer",
            options=Bookings.customer_options,
            search=Bookings.find_customers,
            required=True,
        ),
        side_by_side(
            f.number("requested_bin_size.h_ft", "Height", unit="ft", required=True),
            f.number("requested_bin_size.l_ft", "Length", unit="ft", required=True),
            f.number("requested_bin_size.w_ft", "Width", unit="ft", required=True),
        ),
        side_by_side(
            f.datetime("scheduled_at", "When", required=True),
            f.number("hire_days", "Stays", unit="days", hint="Empty: the usual hire"),
        ),
        side_by_side(f.text("area", "Area"), f.text("state", "State")),
        f.textarea("site_address", "Site address"),
        f.textarea("notes", "Notes"),
        on_submit=Bookings.save,
        submit="Take booking",
    )


def _assignment_form() -> rx.Component:
    f = Fields(Bookings, "assign")
    return form_sheet(
        Bookings,
        "assign-sheet",
        "Assign driver and lorry",
        f.combobox("driver_id", "Driver", options=Bookings.driver_options, required=True),
        f.combobox("lorry_id", "Lorry", options=Bookings.lorry_options, required=True),
        on_submit=Bookings.assign,
        submit="Assign",
    )
