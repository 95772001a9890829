"""Assignment: bookings that wait for a driver, and who drives what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.bookings import row
from lattis_app.rental.pages.delivery_order_forms import choices
from lattis_app.rental.queries import bookings as queries
from lattis_app.rental.schemas.bookings import AssignmentEntry, BookingFilters
from lattis_app.rental.services import bookings as services
from lattis_app.rental.statuses import BookingStatus
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, count
from lattis_app.ui.buttons import button, link
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, halves, page_header
from lattis_app.ui.layout import row as line
from lattis_app.ui.list_requests import Option
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty

AHEAD = timedelta(days=14)
SHOWN = PageRequest(limit=100, sort="scheduled_at")


def coming(session: Any, actor: Actor) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The bookings of the next two weeks that wait for a driver, and those that have one."""
    today = clock.today()

    def of(status: BookingStatus) -> list[dict[str, str]]:
        span = {"from": today - AHEAD, "to": today + AHEAD}
        filters = BookingFilters.model_validate({"status": status, **span})
        return [row(each) for each in queries.page(session, actor, filters, SHOWN).rows]

    waiting = of(BookingStatus.PENDING) + of(BookingStatus.CONFIRMED)
    return waiting, of(BookingStatus.ASSIGNED)


class Assignment(FormMixin, rx.State):
    """Bookings to assign, and the assigned."""

    waiting: list[dict[str, str]] = []
    assigned: list[dict[str, str]] = []
    driver_options: list[Option] = []
    lorry_options: list[Option] = []
    booking_id: str = ""
    booking: str = ""
    loaded: bool = False

    @handler
    async def load(self) -> None:
        """Show the coming two weeks."""
        self.waiting, self.assigned = await run(self, coming)
        self.loaded = True

    @handler
    async def begin(self, booking_id: str) -> Any:
        """Offer drivers and lorries for one booking."""
        found = await run(self, queries.find, UUID(booking_id))
        offered = await run(self, choices)
        self.driver_options, self.lorry_options = offered.drivers, offered.lorries
        self.booking_id, self.booking = booking_id, f"{found.number} · {found.customer_name}"
        self._begin({})
        return open_dialog("assignment-sheet")

    @handler
    async def assign(self, form: dict[str, Any]) -> Any:
        """Give the booking to a driver and a lorry; a refusal says why, and when a bin is free."""
        entry = Draft(AssignmentEntry, form)
        booking = await self._submit(services.assign, UUID(self.booking_id), entry)
        if booking is None:
            return None
        self.waiting, self.assigned = await run(self, coming)
        return [close_dialog("assignment-sheet"), toasts.done(f"{booking.number} assigned")]


@page("/rental/assignment", "Dispatch", Permission.RENTAL_BOOKINGS_ASSIGN, on_load=Assignment.load)
def assignment() -> rx.Component:
    """Waiting and assigned bookings side by side."""
    state = Assignment
    f = Fields(state, "assignment")
    return rx.fragment(
        live_refresh(state.load, "booking.", "do."),
        page_header("Dispatch", "Bookings of the coming two weeks"),
        halves(
            card(
                rx.cond(
                    state.waiting.length() > 0,
                    rx.el.ul(rx.foreach(state.waiting, _waiting), class_name="plain-list"),
                    empty("Everything is assigned", "New bookings appear here."),
                ),
                title="Not assigned",
                more=count(state.waiting.length()),
            ),
            card(
                rx.cond(
                    state.assigned.length() > 0,
                    rx.el.ul(rx.foreach(state.assigned, _assigned), class_name="plain-list"),
                    empty("Nothing assigned yet", "Assign a booking to a driver and a lorry."),
                ),
                title="Assigned",
                more=count(state.assigned.length()),
            ),
        ),
        form_sheet(
            state,
            "assignment-sheet",
            "Assign driver and lorry",
            rx.el.p(state.booking, class_name="muted"),
            f.combobox("driver_id", "Driver", options=state.driver_options, required=True),
            f.combobox("lorry_id", "Lorry", options=state.lorry_options, required=True),
            on_submit=state.assign,
            submit="Assign",
        ),
    )


def _waiting(booking: Any) -> rx.Component:
    choose = button("Assign…", kind="primary", on_click=lambda: Assignment.begin(booking["id"]))
    return rx.el.li(line(_what(booking), choose, between=True), key=booking["id"], class_name="list-line")


def _assigned(booking: Any) -> rx.Component:
    driver = rx.el.span(booking["driver"], class_name="muted")
    return rx.el.li(line(_what(booking), driver, between=True), key=booking["id"], class_name="list-line")


def _what(booking: Any) -> rx.Component:
    return rx.el.div(
        link(booking["customer"], "/rental/bookings?open=" + booking["id"]),
        rx.el.p(booking["scheduled_at"], " · ", booking["size"], " · ", booking["site"], class_name="muted"),
        badge(booking["status"], booking["status_tone"]),
    )
