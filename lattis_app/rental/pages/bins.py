"""Bins: the list, the record with its movements, and the forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import Corrections
from lattis_app.rental.pages.records import dash, display, history, typed, wanted
from lattis_app.rental.queries import bins as queries
from lattis_app.rental.schemas.bins import (
    BinChanges,
    BinEntry,
    BinFilters,
    BinOut,
    MovementEntry,
    MovementOut,
)
from lattis_app.rental.services import bins as services
from lattis_app.rental.statuses import BIN_LIFECYCLE, BinStatus, MovementType
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import page
from lattis_app.ui.records import (
    HistoryRow,
    Step,
    lifecycle_steps,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    tabs,
)
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, simple_table

TONES = {
    "in_warehouse": "ok",
    "assigned": "info",
    "with_customer": "warn",
    "collected": "info",
    "repair": "bad",
}
STATUSES = tuple((str(status), words(status)) for status in BinStatus)
MOVES = (
    ("OUT", "Out to a customer"),
    ("IN", "In"),
    ("TRANSFER", "Across to another site"),
    ("REPAIR", "To repair"),
)
LIST = ListSpec(
    "bins",
    (
        Column("serial_number", "Serial", sortable=True),
        Column("size", "Size", priority=2),
        Column("status", "Status", "badge", sortable=True),
        Column("customer", "With"),
        Column("area", "Area", sortable=True, priority=3),
    ),
    filters=(Filter("status", "Status", options=STATUSES, several=True), Filter("area", "Area", "text")),
    views=(
        ("With customers", "status=with_customer"),
        ("Free", "status=in_warehouse"),
        ("In repair", "status=repair"),
    ),
    search="Serial number",
    export="/v1/bins",
)
MOVEMENTS = (
    Column("when", "When"),
    Column("what", "Movement", note="notes"),
    Column("to", "Then", "badge"),
    Column("by", "By"),
)
ALL_MOVEMENTS = PageRequest(limit=100)


def row(each: BinOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    return {
        "id": str(each.id),
        "serial_number": each.serial_number,
        "size": each.size.text,
        "status": words(each.status),
        "status_tone": TONES[each.status],
        "customer": dash(each.customer_name),
        "area": dash(", ".join(part for part in (each.area, each.state) if part)),
        "notes": dash(each.notes),
        "orders_href": f"/rental/delivery-orders?bin_id={each.id}",
    }


def movement(each: MovementOut) -> dict[str, str]:
    """One movement."""
    kinds = dict(MOVES)
    return {
        "id": str(each.id),
        "when": moments.moment(each.moved_at),
        "what": kinds[each.movement_type],
        "notes": each.notes,
        "to": words(each.to_status),
        "to_tone": TONES[each.to_status],
        "by": each.moved_by,
    }


def read(session: Any, actor: Actor, bin_id: UUID) -> tuple[BinOut, list[MovementOut], list[HistoryRow]]:
    """A bin with its movements and history."""
    found = queries.find(session, actor, bin_id)
    moved = queries.movements(session, actor, bin_id, ALL_MOVEMENTS)
    return found, list(moved.rows), history(session, actor, "rental_bins", bin_id)


class Bins(ListMixin, FormMixin, rx.State):
    """Bins with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    movements: list[dict[str, str]] = []
    events: list[HistoryRow] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(BinFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, moved, self.events = await run(self, read, UUID(record_id))
        self.record, self.movements = row(found), [movement(each) for each in moved]
        self.steps = lifecycle_steps(BIN_LIFECYCLE, found.status)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new bin."""
        self.editing = ""
        self._begin({"size.h_ft": "4", "size.l_ft": "12", "size.w_ft": "6"})
        return open_dialog("bin-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the bin beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, UUID(self.open_id))
        names = ("serial_number", "area", "state", "notes")
        self._begin(typed({name: getattr(found, name) for name in names}))
        return open_dialog("bin-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new bin, or the changes of an old one."""
        if self.editing:
            plain = {name: value for name, value in form.items() if not name.startswith("size.")}
            changes = Corrections(BinChanges, plain, dict(self.values))
            saved = await self._submit(services.update, UUID(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(BinEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("bin-sheet"), toasts.done(f"Bin {saved.serial_number} saved")]

    @handler
    async def begin_movement(self) -> Any:
        """Open the form of a movement."""
        self._begin({"movement_type": str(MovementType.IN)})
        return open_dialog("movement-sheet")

    @handler
    async def move(self, form: dict[str, Any]) -> Any:
        """Record where the open bin went."""
        moved = await self._submit(services.move, UUID(self.open_id), Draft(MovementEntry, form))
        if moved is None:
            return None
        await self._again()
        return [close_dialog("movement-sheet"), toasts.done("Movement recorded")]


@page("/rental/bins", "Bins", Permission.RENTAL_BINS_READ, on_load=Bins.load)
def bins() -> rx.Component:
    """Bins with the record beside the list."""
    state = Bins
    return rx.fragment(
        page_header(
            "Bins",
            rx.el.span(state.total, " match", class_name="num"),
            button("New bin", kind="primary", glyph="plus", on_click=state.begin),
        ),
        data_table(
            state,
            LIST,
            label="Bins",
            nothing=empty("No bins here", "Bins stand in the warehouse until an order takes them out."),
        ),
        record_panel(state, *_record(), label="Bin"),
        _bin_form(),
        _movement_form(),
    )


def _record() -> list[rx.Component]:
    record = Bins.record
    return [
        record_head("Bin", record["serial_number"], on_close=Bins.close_record),
        lifecycle_strip(Bins.steps),
        next_steps(
            button("Record movement", kind="primary", glyph="arrow-left-right", on_click=Bins.begin_movement),
            button("Edit", glyph="pencil", on_click=Bins.edit),
        ),
        tabs(
            "bin-tabs",
            (
                "Summary",
                rx.fragment(
                    key_values(
                        ("Status", badge(record["status"], record["status_tone"])),
                        ("Size", record["size"]),
                        ("With", record["customer"]),
                        ("Area", record["area"]),
                        ("Notes", record["notes"]),
                    ),
                    link("Delivery orders", record["orders_href"]),
                ),
            ),
            ("Movements", simple_table(MOVEMENTS, Bins.movements, label="Movements")),
            ("History", history_tab(Bins.events)),
            counts={1: Bins.movements.length()},
        ),
    ]


def _bin_form() -> rx.Component:
    f = Fields(Bins, "bin")
    size = side_by_side(
        f.number("size.h_ft", "Height", unit="ft", required=True),
        f.number("size.l_ft", "Length", unit="ft", required=True),
        f.number("size.w_ft", "Width", unit="ft", required=True),
    )
    return form_sheet(
        Bins,
        "bin-sheet",
        rx.cond(Bins.editing, "Edit bin", "New bin"),
        f.text("serial_number", "Serial number", required=True),
        rx.cond(Bins.editing, rx.fragment(), size),
        side_by_side(f.text("area", "Area"), f.text("state", "State")),
        f.textarea("notes", "Notes"),
        on_submit=Bins.save,
        submit="Save bin",
    )


def _movement_form() -> rx.Component:
    f = Fields(Bins, "movement")
    return form_sheet(
        Bins,
        "movement-sheet",
        "Record a movement",
        f.select("movement_type", "Movement", MOVES, required=True),
        side_by_side(f.text("area", "Area"), f.text("state", "State")),
        f.textarea("notes", "Notes"),
        on_submit=Bins.move,
        submit="Record movement",
    )
