"""Kinds of waste: the list, the record beside it, and the form."""

from __future__ import annotations

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import waste_items as queries
from lattis_app.rental.schemas.waste_items import (
    WasteItemChanges,
    WasteItemEntry,
    WasteItemFilters,
    WasteItemOut,
)
from lattis_app.rental.services import waste_items as services
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.layout import key_values
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.masters import ACTIVE, Look, Master, MasterMixin, master_view
from lattis_app.ui.money import money
from lattis_app.ui.pages import page

MANAGE = Permission.RENTAL_WASTE_ITEMS_MANAGE
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


def values(item: WasteItemOut) -> dict[str, str]:
    """What the form of an old kind starts with."""
    return {"name": item.name, "unit": item.unit, "price": str(Money(item.price).decimal)}


MASTER = Master(
    spec=LIST,
    queries=queries,
    services=services,
    filters=WasteItemFilters,
    entry=WasteItemEntry,
    changes=WasteItemChanges,
    read=with_history(queries.find, "rental_waste_items"),
    row=row,
    values=values,
    name=lambda item: item.name,
    fresh={"unit": "load"},
)
LOOK = Look(
    title="Waste items",
    kind="Waste item",
    counted=("kind of waste", "kinds of waste"),
    new="New waste item",
    nothing="No waste items yet",
    why="Name what goes into your bins and what a load of it costs; orders and price cards choose from these.",
    glyph="layers",
    may=MANAGE,
)


class WasteItems(MasterMixin, rx.State):
    """Kinds of waste with the open one."""

    @classmethod
    def _master(cls) -> Master:
        return MASTER


@page("/rental/waste-items", "Waste items", MANAGE, on_load=WasteItems.load)
def waste_items() -> rx.Component:
    """Kinds of waste with the record beside the list."""
    record = WasteItems.record
    facts = key_values(
        ("Price", money(record["price_text"], strong=True)),
        ("Unit", record["unit"]),
        ("Status", badge(record["status"], record["status_tone"])),
        ("Price cards", link("Prices by size of bin", record["cards_href"])),
    )
    return master_view(WasteItems, LIST, LOOK, title=record["name"], facts=facts, form=_form())


def _form() -> rx.Component:
    state, f = WasteItems, Fields(WasteItems, "waste")
    return form_sheet(
        state,
        MASTER.sheet,
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
