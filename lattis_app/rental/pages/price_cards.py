"""Price cards: the list, the record beside it, and the form."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import Corrections
from lattis_app.rental.pages.records import (
    counted,
    display,
    if_may,
    typed,
    wanted,
    waste_options,
    with_history,
)
from lattis_app.rental.queries import price_cards as queries
from lattis_app.rental.schemas.price_cards import (
    PriceCardChanges,
    PriceCardEntry,
    PriceCardFilters,
    PriceCardOut,
)
from lattis_app.rental.services import price_cards as services
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table

MANAGE = Permission.RENTAL_PRICE_CARDS_MANAGE
ACTIVE = (("true", "Active"), ("false", "Inactive"))
LIST = ListSpec(
    "price-cards",
    (
        Column("size", "Bin", sortable=True),
        Column("waste", "Waste", sortable=True),
        Column("days", "Days included", "number", priority=3),
        Column("tonnes", "Tonnes included", "number", priority=3),
        Column("per_day", "Per extra day (RM)", "money", priority=2),
        Column("per_tonne", "Per extra tonne (RM)", "money", priority=2),
        Column("status", "Status", "badge", priority=2),
        Column("base_price", "Price (RM)", "money", sortable=True),
    ),
    filters=(Filter("waste_item_id", "Waste"), Filter("active", "Status", options=ACTIVE)),
    search="Kind of waste",
    export="/v1/price-cards",
)
LABELS = {"included_kg": "Kilograms included", "extra_tonne_minor": "Per extra tonne (RM)"}
AMOUNTS = ("base_price", "overrun_per_day", "per_extra_tonne", "failed_trip_fee")
read = with_history(queries.find, "rental_price_cards", LABELS)


def row(card: PriceCardOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""

    def text(minor: int) -> str:
        return Money(minor, card.currency).text()

    tonnes = f"{card.included_tonnes.normalize():f}"
    return {
        "id": str(card.id),
        "size": card.bin_size.text,
        "waste": card.waste_item_name,
        "days": str(card.included_days),
        "tonnes": tonnes,
        "per_day": Money(card.overrun_per_day).figures(),
        "per_tonne": Money(card.per_extra_tonne).figures(),
        "status": words(card.status),
        "status_tone": "ok" if card.active else "neutral",
        "base_price": Money(card.base_price).figures(),
        "price_text": text(card.base_price),
        "days_text": say("{count} days", count=card.included_days),
        "tonnes_text": f"{tonnes} t",
        "per_day_text": text(card.overrun_per_day),
        "per_tonne_text": text(card.per_extra_tonne),
        "failed_text": text(card.failed_trip_fee),
    }


class PriceCards(ListMixin, FormMixin, rx.State):
    """Price cards with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    waste_options: list[Option] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.waste_options = await run(self, waste_options)
        self.filter_options = {"waste_item_id": self.waste_options}

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(PriceCardFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new price card."""
        self.editing = ""
        start = {"bin_size.h_ft": "4", "bin_size.l_ft": "12", "bin_size.w_ft": "6"}
        self._begin(start | {"included_days": "7", "included_tonnes": "2"})
        return open_dialog("price-card-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the card beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, as_id(self.open_id))
        amounts = {name: str(Money(getattr(found, name)).decimal) for name in AMOUNTS}
        limits = {"included_days": found.included_days, "active": str(found.active).lower()}
        tonnes = {"included_tonnes": f"{found.included_tonnes.normalize():f}"}
        self._begin(amounts | typed(limits) | tonnes)
        return open_dialog("price-card-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new price card, or the changes of an old one."""
        if self.editing:
            changes = Corrections(PriceCardChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(PriceCardEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("price-card-sheet"), toasts.done(say("Price card saved"))]


@page("/rental/price-cards", "Price cards", Permission.RENTAL_PRICE_CARDS_READ, on_load=PriceCards.load)
def price_cards() -> rx.Component:
    """Price cards with the record beside the list."""
    state = PriceCards
    new = button("New price card", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header("Price cards", counted(state, "price card", "price cards"), if_may(MANAGE, new)),
        data_table(
            state,
            LIST,
            label="Price cards",
            nothing=empty(
                "No price cards yet",
                "A price card says what a bin of a size costs for a kind of waste, how long and how heavy it may be, "
                "and what more of it costs. Orders suggest its price, and what goes beyond waits to be billed.",
                if_may(MANAGE, button("New price card", kind="primary", on_click=state.begin)),
                glyph="tag",
            ),
        ),
        record_panel(state, *_record(), label="Price card"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = PriceCards, PriceCards.record
    return [
        record_head(
            "Price card", rx.fragment(record["size"], " · ", record["waste"]), on_close=state.close_record
        ),
        next_steps(if_may(MANAGE, button("Edit", glyph="pencil", on_click=state.edit))),
        tabs(
            "price-card-tabs",
            (
                "Summary",
                key_values(
                    ("Price", money(record["price_text"], strong=True)),
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Included", rx.fragment(record["days_text"], ", ", record["tonnes_text"])),
                    ("Each day more", money(record["per_day_text"])),
                    ("Each tonne more", money(record["per_tonne_text"])),
                    ("Failed trip", money(record["failed_text"])),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]


def _form() -> rx.Component:
    state, f = PriceCards, Fields(PriceCards, "price-card")
    what = rx.fragment(
        side_by_side(
            f.number("bin_size.h_ft", "Height", unit="ft", required=True),
            f.number("bin_size.l_ft", "Length", unit="ft", required=True),
            f.number("bin_size.w_ft", "Width", unit="ft", required=True),
        ),
        f.select("waste_item_id", "Kind of waste", state.waste_options, required=True, empty="Choose…"),
    )
    return form_sheet(
        state,
        "price-card-sheet",
        rx.cond(state.editing, "Edit price card", "New price card"),
        rx.cond(state.editing, f.select("active", "Status", ACTIVE, required=True), what),
        f.money("base_price", "Price", required=True, hint="What the order form suggests"),
        section(
            "Included",
            side_by_side(
                f.number("included_days", "Days", unit="days", required=True),
                f.number("included_tonnes", "Weight", unit="t", required=True),
            ),
        ),
        section(
            "Beyond",
            side_by_side(
                f.money("overrun_per_day", "Each day more"),
                f.money("per_extra_tonne", "Each tonne more"),
                f.money("failed_trip_fee", "Failed trip"),
            ),
        ),
        on_submit=state.save,
        submit="Save price card",
        note="Orders already issued keep their terms",
    )
