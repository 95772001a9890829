"""Other people's lorries that can be hired: the list, the record beside it, and the form."""

from __future__ import annotations

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import rentable_lorries as queries
from lattis_app.rental.schemas.rentable_lorries import (
    RentableLorryChanges,
    RentableLorryEntry,
    RentableLorryFilters,
    RentableLorryOut,
)
from lattis_app.rental.services import rentable_lorries as services
from lattis_app.ui.badges import badge, words
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.layout import key_values
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.masters import ACTIVE, Look, Master, MasterMixin, master_view
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.values import dash, reach, typed

MANAGE = Permission.RENTAL_LORRIES_MANAGE
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


def values(lorry: RentableLorryOut) -> dict[str, str]:
    """What the form of an old one starts with."""
    rates = {name: str(Money(getattr(lorry, name)).decimal) for name in RATES}
    return typed({name: getattr(lorry, name) for name in EDITED}) | rates


MASTER = Master(
    spec=LIST,
    queries=queries,
    services=services,
    filters=RentableLorryFilters,
    entry=RentableLorryEntry,
    changes=RentableLorryChanges,
    read=with_history(queries.find, "rental_rentable_lorries"),
    row=row,
    values=values,
    name=lambda lorry: lorry.registration_no,
    fresh={},
)
LOOK = Look(
    title="Rentable lorries",
    kind="Rentable lorry",
    counted=("rentable lorry", "rentable lorries"),
    new="New rentable lorry",
    nothing="No rentable lorries yet",
    why="When your own lorries don't suffice: whose lorry can be hired, and what it costs a day or a trip.",
    glyph="handshake",
    may=MANAGE,
)


class RentableLorries(MasterMixin, rx.State):
    """Rentable lorries with the open one."""

    @classmethod
    def _master(cls) -> Master:
        return MASTER


@page(
    "/rental/rentable-lorries",
    "Rentable lorries",
    Permission.RENTAL_LORRIES_READ,
    on_load=RentableLorries.load,
)
def rentable_lorries() -> rx.Component:
    """Rentable lorries with the record beside the list."""
    record = RentableLorries.record
    phone = rx.cond(record["owner_phone"] != "", reach(record["owner_phone"], record["phone_href"]), "–")
    facts = key_values(
        ("Per day", money(record["daily_text"], strong=True)),
        ("Per trip", money(record["trip_text"], strong=True)),
        ("Status", badge(record["status"], record["status_tone"])),
        ("Owner", record["owner_name"]),
        ("Phone", phone),
        ("Type", rx.cond(record["type"] != "", record["type"], "–")),
        ("Capacity", record["capacity"]),
        ("Notes", record["notes"]),
    )
    title = record["registration_no"]
    return master_view(RentableLorries, LIST, LOOK, title=title, facts=facts, form=_form())


def _form() -> rx.Component:
    state, f = RentableLorries, Fields(RentableLorries, "rentable-lorry")
    return form_sheet(
        state,
        MASTER.sheet,
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
