"""Price cards: the list, the record beside it, and the form."""

from __future__ import annotations

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.offers import waste_options
from lattis_app.rental.queries import price_cards as queries
from lattis_app.rental.schemas.price_cards import (
    PriceCardChanges,
    PriceCardEntry,
    PriceCardFilters,
    PriceCardOut,
)
from lattis_app.rental.services import price_cards as services
from lattis_app.ui.badges import badge, words
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import key_values
from lattis_app.ui.list_requests import Filter, Option
from lattis_app.ui.masters import ACTIVE, Look, Master, MasterMixin, master_view
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.values import typed

MANAGE = Permission.RENTAL_PRICE_CARDS_MANAGE
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


def values(card: PriceCardOut) -> dict[str, str]:
    """What the form of an old card starts with."""
    amounts = {name: str(Money(getattr(card, name)).decimal) for name in AMOUNTS}
    tonnes = f"{card.included_tonnes.normalize():f}"
    return amounts | typed({"included_days": card.included_days, "included_tonnes": tonnes})


MASTER = Master(
    spec=LIST,
    queries=queries,
    services=services,
    filters=PriceCardFilters,
    entry=PriceCardEntry,
    changes=PriceCardChanges,
    read=with_history(queries.find, "rental_price_cards", LABELS),
    row=row,
    values=values,
    name=lambda _: say("Price card"),
    fresh={"included_days": "7", "included_tonnes": "2"}
    | {f"bin_size.{side}": feet for side, feet in (("h_ft", "4"), ("l_ft", "12"), ("w_ft", "6"))},
)
LOOK = Look(
    title="Price cards",
    kind="Price card",
    counted=("price card", "price cards"),
    new="New price card",
    nothing="No price cards yet",
    why="A price card says what a bin of a size costs for a kind of waste, how long and how heavy it may be, "
    "and what more of it costs. Orders suggest its price, and what goes beyond waits to be billed.",
    glyph="tag",
    may=MANAGE,
)


class PriceCards(MasterMixin, rx.State):
    """Price cards with the open one."""

    waste_options: list[Option] = []

    @classmethod
    def _master(cls) -> Master:
        return MASTER

    async def _prepare(self) -> None:
        self.waste_options = await run(self, waste_options)
        self.filter_options = {"waste_item_id": self.waste_options}


@page("/rental/price-cards", "Price cards", Permission.RENTAL_PRICE_CARDS_READ, on_load=PriceCards.load)
def price_cards() -> rx.Component:
    """Price cards with the record beside the list."""
    record = PriceCards.record
    facts = key_values(
        ("Price", money(record["price_text"], strong=True)),
        ("Status", badge(record["status"], record["status_tone"])),
        ("Included", rx.fragment(record["days_text"], ", ", record["tonnes_text"])),
        ("Each day more", money(record["per_day_text"])),
        ("Each tonne more", money(record["per_tonne_text"])),
        ("Failed trip", money(record["failed_text"])),
    )
    title = rx.fragment(record["size"], " · ", record["waste"])
    return master_view(PriceCards, LIST, LOOK, title=title, facts=facts, form=_form())


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
        MASTER.sheet,
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
