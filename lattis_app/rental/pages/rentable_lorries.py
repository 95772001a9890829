"""Other people's lorries that can be hired: the list, the record beside it, and the form."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import Corrections
from lattis_app.rental.pages.records import (
    counted,
    dash,
    display,
    if_may,
    reach,
    typed,
    wanted,
    with_history,
)
from lattis_app.rental.queries import rentable_lorries as queries
from lattis_app.rental.schemas.rentable_lorries import (
    RentableLorryChanges,
    RentableLorryEntry,
    RentableLorryFilters,
    RentableLorryOut,
)
from lattis_app.rental.services import rentable_lorries as services
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table

MANAGE = Permission.RENTAL_LORRIES_MANAGE
ACTIVE = (("true", "Active"), ("false", "Inactive"))
LIST = ListSpec(
    "rentable-lorries",
    (
        Column("registration_no", "Lorry", sortable=True, note="type"),
        Column("owner_name", "Owner", sortable=True, note="owner_phone"),
        Column("capacity", "Capacity", "number", priority=3),
        Column("status", "Status", "badge", priority=2),
        Column("daily_rate", "Per day (RM)", "money", sortable=True),
        Column("trip_rate", "Per trip (RM)", "money", sortable=True, priority=2),
    ),
    filters=(Filter("active", "Status", options=ACTIVE),),
    search="Registration number, owner or type",
    export="/v1/rentable-lorries",
)
EDITED = ("registration_no", "owner_name", "owner_phone", "type", "capacity_kg", "notes")
RATES = ("daily_rate", "trip_rate")
read = with_history(queries.find, "rental_rentable_lorries")


def row(lorry: RentableLorryOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    return {
        "id": str(lorry.id),
        "registration_no": lorry.registration_no,
        "type": lorry.type,
        "owner_name": lorry.owner_name,
        "owner_phone": spaced_phone(lorry.owner_phone),
        "phone_href": f"tel:{lorry.owner_phone}" if lorry.owner_phone else "",
        "capacity": f"{lorry.capacity_kg:,} kg" if lorry.capacity_kg else "–",
        "status": words(lorry.status),
        "status_tone": "ok" if lorry.active else "neutral",
        "daily_rate": Money(lorry.daily_rate).figures(),
        "trip_rate": Money(lorry.trip_rate).figures(),
        "daily_text": Money(lorry.daily_rate).text(),
        "trip_text": Money(lorry.trip_rate).text(),
        "notes": dash(lorry.notes),
    }


class RentableLorries(ListMixin, FormMixin, rx.State):
    """Rentable lorries with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(RentableLorryFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new rentable lorry."""
        self.editing = ""
        self._begin({})
        return open_dialog("rentable-lorry-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the lorry beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, as_id(self.open_id))
        rates = {name: str(Money(getattr(found, name)).decimal) for name in RATES}
        values = typed({name: getattr(found, name) for name in EDITED})
        self._begin(values | rates | {"active": str(found.active).lower()})
        return open_dialog("rentable-lorry-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new rentable lorry, or the changes of an old one."""
        if self.editing:
            changes = Corrections(RentableLorryChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(RentableLorryEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        said = say("{name} saved", name=saved.registration_no)
        return [close_dialog("rentable-lorry-sheet"), toasts.done(said)]


@page(
    "/rental/rentable-lorries",
    "Rentable lorries",
    Permission.RENTAL_LORRIES_READ,
    on_load=RentableLorries.load,
)
def rentable_lorries() -> rx.Component:
    """Rentable lorries with the record beside the list."""
    state = RentableLorries
    new = button("New rentable lorry", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header(
            "Rentable lorries", counted(state, "rentable lorry", "rentable lorries"), if_may(MANAGE, new)
        ),
        data_table(
            state,
            LIST,
            label="Rentable lorries",
            nothing=empty(
                "No rentable lorries yet",
                "When your own lorries don't suffice: whose lorry can be hired, and what it costs a day or a trip.",
                if_may(MANAGE, button("New rentable lorry", kind="primary", on_click=state.begin)),
                glyph="handshake",
            ),
        ),
        record_panel(state, *_record(), label="Rentable lorry"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = RentableLorries, RentableLorries.record
    phone = rx.cond(record["owner_phone"] != "", reach(record["owner_phone"], record["phone_href"]), "–")
    return [
        record_head("Rentable lorry", record["registration_no"], on_close=state.close_record),
        next_steps(if_may(MANAGE, button("Edit", glyph="pencil", on_click=state.edit))),
        tabs(
            "rentable-lorry-tabs",
            (
                "Summary",
                key_values(
                    ("Per day", money(record["daily_text"], strong=True)),
                    ("Per trip", money(record["trip_text"], strong=True)),
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Owner", record["owner_name"]),
                    ("Phone", phone),
                    ("Type", rx.cond(record["type"] != "", record["type"], "–")),
                    ("Capacity", record["capacity"]),
                    ("Notes", record["notes"]),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]


def _form() -> rx.Component:
    state, f = RentableLorries, Fields(RentableLorries, "rentable-lorry")
    return form_sheet(
        state,
        "rentable-lorry-sheet",
        rx.cond(state.editing, "Edit rentable lorry", "New rentable lorry"),
        side_by_side(f.text("registration_no", "Registration no.", required=True), f.text("type", "Type")),
        side_by_side(f.text("owner_name", "Owner", required=True), f.phone("owner_phone", "Phone")),
        side_by_side(
            f.money("daily_rate", "Per day"),
            f.money("trip_rate", "Per trip"),
            f.number("capacity_kg", "Capacity", unit="kg"),
        ),
        rx.cond(state.editing, f.select("active", "Status", ACTIVE, required=True), rx.fragment()),
        f.textarea("notes", "Notes"),
        on_submit=state.save,
        submit="Save rentable lorry",
    )
