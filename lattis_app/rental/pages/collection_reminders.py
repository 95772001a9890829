"""Reminders to collect bins: the list, and the record beside it to send or cancel one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import in_words
from lattis_app.rental.queries import collection_reminders as queries
from lattis_app.rental.schemas.delivery_orders import ReminderFilters, ReminderRow
from lattis_app.rental.services import collection_reminders as services
from lattis_app.rental.statuses import ReminderStatus, ReminderType
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally
from lattis_app.ui.values import dash

TONES = {"scheduled": "info", "sent": "ok", "cancelled": "neutral"}
STATUSES = tuple((str(status), words(status)) for status in ReminderStatus)
TYPES = tuple((str(kind), in_words(kind)) for kind in ReminderType)
LIST = ListSpec(
    "collection-reminders",
    (
        Column("order", "Delivery order", note="customer"),
        Column("bin", "Bin", note="driver"),
        Column("site", "Site", priority=3),
        Column("scheduled_at", "Remind at", "date", sortable=True),
        Column("type", "When", priority=2),
        Column("status", "Status", "badge", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("reminder_type", "When", options=TYPES, several=True),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("To be sent", "status=scheduled&sort=scheduled_at"), ("Sent", "status=sent")),
    search="Order number or customer",
    export="/v1/collection-reminders",
)
read = with_history(queries.find, "rental_collection_reminders")


def row(reminder: ReminderRow) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    waits = reminder.status is ReminderStatus.SCHEDULED
    late = waits and reminder.scheduled_at < clock.now()
    return {
        "id": str(reminder.id),
        "order": reminder.system_do_number or "",
        "order_href": f"/rental/delivery-orders?open={reminder.delivery_order_id}",
        "customer": reminder.company_name,
        "bin": reminder.bin_serial_number,
        "driver": reminder.driver_name or say("Nobody yet"),
        "site": dash(reminder.site_address),
        "scheduled_at": moments.moment(reminder.scheduled_at),
        "type": say(in_words(reminder.reminder_type)),
        "status": say("Due") if late else words(reminder.status),
        "status_tone": "warn" if late else TONES[reminder.status],
        "sent_at": moments.moment(reminder.sent_at),
        "waits": "true" if waits else "",
    }


class CollectionReminders(RecordsMixin, rx.State):
    """Reminders with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ReminderFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def send(self) -> Any:
        """Tell driver and dispatchers of the open reminder's bin now."""
        await run(self, services.send_now, as_id(self.open_id))
        await self._again()
        return toasts.done(say("Reminder sent"))

    @handler
    async def cancel(self) -> Any:
        """Forget the open reminder."""
        await run(self, services.cancel, as_id(self.open_id))
        await self._again()
        return toasts.done(say("Reminder cancelled"))


@page(
    "/rental/collection-reminders",
    "Collection reminders",
    Permission.RENTAL_DELIVERY_ORDERS_MANAGE,
    on_load=CollectionReminders.load,
)
def collection_reminders() -> rx.Component:
    """Reminders with the record beside the list."""
    state = CollectionReminders
    return rx.fragment(
        live_refresh(state.refresh, "reminder.", "do."),
        page_header("Collection reminders", tally(state, "reminder", "reminders")),
        data_table(
            state,
            LIST,
            label="Collection reminders",
            nothing=empty(
                "No reminders yet",
                "Ask to be reminded of a bin on its delivery order: driver and dispatchers are told in time.",
                button("Open delivery orders", kind="primary", href="/rental/delivery-orders"),
                glyph="alarm-clock",
            ),
        ),
        record_panel(state, *_record(), label="Reminder"),
    )


def _record() -> list[rx.Component]:
    state, record = CollectionReminders, CollectionReminders.record
    steps = rx.fragment(
        button("Send now", kind="primary", glyph="send", on_click=state.send),
        button("Cancel the reminder", kind="danger", on_click=state.cancel),
    )
    return [
        record_head("Collection reminder", record["order"], on_close=state.close_record),
        next_steps(only_while(record["waits"] != "", steps)),
        tabs(
            "reminder-tabs",
            (
                "Summary",
                key_values(
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Remind at", record["scheduled_at"]),
                    ("When", record["type"]),
                    ("Delivery order", link(record["order"], record["order_href"])),
                    ("Customer", record["customer"]),
                    ("Site", record["site"]),
                    ("Bin", record["bin"]),
                    ("Driver", record["driver"]),
                    ("Sent", record["sent_at"]),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]
