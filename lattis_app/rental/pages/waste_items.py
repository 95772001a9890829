"""Kinds of waste: the list, the record beside it, and the form."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import Corrections
from lattis_app.rental.pages.records import counted, display, if_may, wanted, with_history
from lattis_app.rental.queries import waste_items as queries
from lattis_app.rental.schemas.waste_items import (
    WasteItemChanges,
    WasteItemEntry,
    WasteItemFilters,
    WasteItemOut,
)
from lattis_app.rental.services import waste_items as services
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, link
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

MANAGE = Permission.RENTAL_WASTE_ITEMS_MANAGE
ACTIVE = (("true", "Active"), ("false", "Inactive"))
LIST = ListSpec(
    "waste-items",
    (
        Column("name", "Waste", sortable=True),
        Column("unit", "Unit"),
        Column("status", "Status", "badge", priority=2),
        Column("price", "Price (RM)", "money", sortable=True),
    ),
    filters=(Filter("active", "Status", options=ACTIVE),),
    search="Kind of waste",
    export="/v1/waste-items",
)
read = with_history(queries.find, "rental_waste_items")


def row(item: WasteItemOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    return {
        "id": str(item.id),
        "name": item.name,
        "unit": item.unit,
        "status": words(item.status),
        "status_tone": "ok" if item.active else "neutral",
        "price": Money(item.price).figures(),
        "price_text": Money(item.price).text(),
        "cards_href": f"/rental/price-cards?waste_item_id={item.id}",
    }


class WasteItems(ListMixin, FormMixin, rx.State):
    """Kinds of waste with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(WasteItemFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new kind of waste."""
        self.editing = ""
        self._begin({"unit": "load"})
        return open_dialog("waste-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the kind beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, as_id(self.open_id))
        price = str(Money(found.price).decimal)
        values = {"name": found.name, "unit": found.unit, "price": price, "active": str(found.active).lower()}
        self._begin(values)
        return open_dialog("waste-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new kind of waste, or the changes of an old one."""
        if self.editing:
            changes = Corrections(WasteItemChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(WasteItemEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("waste-sheet"), toasts.done(say("{name} saved", name=saved.name))]


@page("/rental/waste-items", "Waste items", MANAGE, on_load=WasteItems.load)
def waste_items() -> rx.Component:
    """Kinds of waste with the record beside the list."""
    state = WasteItems
    return rx.fragment(
        page_header(
            "Waste items",
            counted(state, "kind of waste", "kinds of waste"),
            if_may(MANAGE, button("New waste item", kind="primary", glyph="plus", on_click=state.begin)),
        ),
        data_table(
            state,
            LIST,
            label="Waste items",
            nothing=empty(
                "No waste items yet",
                "Name what goes into your bins and what a load of it costs; orders and price cards choose from these.",
                if_may(MANAGE, button("New waste item", kind="primary", on_click=state.begin)),
                glyph="layers",
            ),
        ),
        record_panel(state, *_record(), label="Waste item"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = WasteItems, WasteItems.record
    return [
        record_head("Waste item", record["name"], on_close=state.close_record),
        next_steps(if_may(MANAGE, button("Edit", glyph="pencil", on_click=state.edit))),
        tabs(
            "waste-tabs",
            (
                "Summary",
                key_values(
                    ("Price", money(record["price_text"], strong=True)),
                    ("Unit", record["unit"]),
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Price cards", link("Prices by size of bin", record["cards_href"])),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]


def _form() -> rx.Component:
    state, f = WasteItems, Fields(WasteItems, "waste")
    return form_sheet(
        state,
        "waste-sheet",
        rx.cond(state.editing, "Edit waste item", "New waste item"),
        f.text("name", "Name", required=True),
        side_by_side(
            f.text("unit", "Unit", required=True, hint="load, t, piece…"),
            f.money("price", "Price per unit", required=True),
        ),
        rx.cond(state.editing, f.select("active", "Status", ACTIVE, required=True), rx.fragment()),
        on_submit=state.save,
        submit="Save waste item",
        note="Orders already made keep their price",
    )
