"""Bins: the list, the record with its movements, and the forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import bins as queries
from lattis_app.rental.queries import customers
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
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Corrections, Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, ListMixin, as_id, display, named, wanted
from lattis_app.ui.masters import import_button
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
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash, typed

TONES = {
    "in_warehouse": "ok",
    "assigned": "info",
    "with_customer": "warn",
    "collected": "info",
    "repair": "bad",
}
STATUSES = tuple((str(status), words(status)) for status in BinStatus)
MANAGE = Permission.RENTAL_BINS_MANAGE
N, T = BinStatus, MovementType
MOVES_IN_WORDS = {
    (N.IN_WAREHOUSE, T.OUT): "Out to a customer",
    (N.IN_WAREHOUSE, T.REPAIR): "To repair",
    (N.ASSIGNED, T.OUT): "Out to the customer of its order",
    (N.WITH_CUSTOMER, T.IN): "Fetched from the customer",
    (N.WITH_CUSTOMER, T.TRANSFER): "Across to another site",
    (N.COLLECTED, T.IN): "Into the warehouse",
    (N.COLLECTED, T.REPAIR): "To repair",
    (N.REPAIR, T.IN): "Repaired, into the warehouse",
}
LIST = ListSpec(
    "bins",
    (
        Column("serial_number", "Serial", sortable=True),
        Column("size", "Size", priority=2),
        Column("status", "Status", "badge", sortable=True),
        Column("customer", "With"),
        Column("area", "Area", sortable=True, priority=3),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("area", "Area", "text"),
        Filter("state", "State", "text"),
        Filter("h_ft", "Height (ft)", "text"),
        Filter("l_ft", "Length (ft)", "text"),
        Filter("w_ft", "Width (ft)", "text"),
        Filter("customer_id", "Customer"),
    ),
    views=(
        ("With customers", "status=with_customer"),
        ("Free", "status=in_warehouse"),
        ("In repair", "status=repair"),
    ),
    search="Serial number",
    export="/v1/bins",
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
        "customer_href": f"/rental/customers?open={each.customer_id}" if each.customer_id else "",
        "order_id": str(each.delivery_order_id or ""),
        "order_href": f"/rental/delivery-orders?open={each.delivery_order_id}",
        "orders_href": f"/rental/delivery-orders?bin_id={each.id}",
    }


def movement(each: MovementOut) -> dict[str, str]:
    """One movement, with whom and for which order."""
    where = ", ".join(part for part in (each.customer_name, each.area) if part)
    return {
        "id": str(each.id),
        "when": moments.moment(each.moved_at),
        "what": say(MOVES_IN_WORDS[each.from_status, each.movement_type]),
        "where": where,
        "notes": each.notes,
        "by": each.moved_by,
        "order": each.related_do_number or "",
        "order_href": f"/rental/delivery-orders?open={each.related_do_id}",
    }


def moves(status: BinStatus) -> list[Option]:
    """The movements that are possible now."""
    return [
        Option(value=str(kind), label=say(text), note="")
        for (current, kind), text in MOVES_IN_WORDS.items()
        if current == status
    ]


def read(session: Any, actor: Actor, bin_id: UUID) -> tuple[BinOut, list[MovementOut], list[HistoryRow]]:
    """A bin with its movements and history; where it was and for whom is told by the movements alone."""
    found = queries.find(session, actor, bin_id)
    moved = queries.movements(session, actor, bin_id, ALL_MOVEMENTS)
    told_by_movements = (words("customer"), words("delivery_order"))
    changed = [
        each
        for each in history(session, actor, "rental_bins", bin_id)
        if each["field"] not in told_by_movements
    ]
    return found, list(moved.rows), changed


class Bins(ListMixin, FormMixin, rx.State):
    """Bins with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    movements: list[dict[str, str]] = []
    events: list[HistoryRow] = []
    move_options: list[Option] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        chosen = await named(self, "customer_id", customers.find, lambda each: str(each.company_name))
        self.filter_options = chosen

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(BinFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, moved, self.events = await run(self, read, as_id(record_id))
        self.record, self.movements = row(found), [movement(each) for each in moved]
        self.steps, self.move_options = lifecycle_steps(BIN_LIFECYCLE, found.status), moves(found.status)

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
        found = await run(self, queries.find, as_id(self.open_id))
        names = ("serial_number", "area", "state", "notes")
        self._begin(typed({name: getattr(found, name) for name in names}))
        return open_dialog("bin-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new bin, or the changes of an old one."""
        if self.editing:
            plain = {name: value for name, value in form.items() if not name.startswith("size.")}
            changes = Corrections(BinChanges, plain, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(BinEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("bin-sheet"), toasts.done(say("Bin {number} saved", number=saved.serial_number))]

    @handler
    async def begin_movement(self) -> Any:
        """Open the form of a movement."""
        first = self.move_options[0]["value"] if self.move_options else ""
        self._begin({"movement_type": first})
        return open_dialog("movement-sheet")

    @handler
    async def move(self, form: dict[str, Any]) -> Any:
        """Record where the open bin went."""
        found = await run(self, queries.find, as_id(self.open_id))
        if found.status is BinStatus.ASSIGNED:
            form = form | {"related_do_id": str(found.delivery_order_id)}
        moved = await self._submit(services.move, found.id, Draft(MovementEntry, form))
        if moved is None:
            return None
        await self._again()
        return [close_dialog("movement-sheet"), toasts.done(say("Movement recorded"))]


@page("/rental/bins", "Bins", Permission.RENTAL_BINS_READ, on_load=Bins.load)
def bins() -> rx.Component:
    """Bins with the record beside the list."""
    state = Bins
    return rx.fragment(
        page_header(
            "Bins",
            counted(state, "bin", "bins"),
            link("Availability", "/rental/availability", class_name="btn"),
            import_button("bins", MANAGE),
            if_may(MANAGE, button("New bin", kind="primary", glyph="plus", on_click=state.begin)),
        ),
        data_table(
            state,
            LIST,
            label="Bins",
            nothing=empty(
                "No bins yet",
                "Each bin has a serial number and a size. It stands in the warehouse until an order takes it out, and "
                "every movement is kept.",
                if_may(MANAGE, button("New bin", kind="primary", on_click=state.begin)),
                import_button("bins", MANAGE),
                glyph="container",
            ),
        ),
        record_panel(state, *_record(), label="Bin"),
        _bin_form(),
        _movement_form(),
    )


def _record() -> list[rx.Component]:
    state, record = Bins, Bins.record
    move = button("Record movement…", kind="primary", glyph="arrow-left-right", on_click=state.begin_movement)
    edit = button("Edit", glyph="pencil", on_click=state.edit)
    return [
        record_head("Bin", record["serial_number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(if_may(MANAGE, rx.fragment(move, edit))),
        tabs(
            "bin-tabs",
            ("Summary", _summary(record)),
            ("Movements", _movements()),
            ("History", history_tab(state.events)),
            counts={1: state.movements.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    customer = rx.cond(
        record["customer_href"] != "", link(record["customer"], record["customer_href"]), record["customer"]
    )
    order = rx.cond(record["order_id"] != "", link("Open the delivery order", record["order_href"]), "–")
    return key_values(
        ("Status", badge(record["status"], record["status_tone"])),
        ("Size", record["size"]),
        ("With", customer),
        ("For", order),
        ("Area", record["area"]),
        ("Notes", record["notes"]),
        ("Orders", link("All delivery orders", record["orders_href"])),
    )


def _movements() -> rx.Component:
    none = rx.el.p("It has never left the warehouse.", class_name="muted small")
    return rx.cond(
        Bins.movements.length() > 0,
        rx.el.ol(rx.foreach(Bins.movements, _moved), class_name="timeline"),
        none,
    )


def _moved(each: Any) -> rx.Component:
    order = rx.fragment(" · ", link(each["order"], each["order_href"], class_name="link nowrap"))
    where = rx.el.span(each["where"], rx.cond(each["order"] != "", order, rx.fragment()))
    return rx.el.li(
        rx.el.div(
            rx.el.div(each["what"], class_name="event-what"),
            rx.el.div(each["when"], " · ", each["by"], class_name="event-when"),
        ),
        rx.el.div(where, class_name="event-change"),
        rx.cond(each["notes"] != "", rx.el.div(each["notes"], class_name="event-reason"), rx.fragment()),
        class_name="event",
        key=each["id"],
    )


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
        f.select("movement_type", "Movement", Bins.move_options, required=True),
        side_by_side(f.text("area", "Area now", hint="Left empty: as before"), f.text("state", "State")),
        f.textarea("notes", "Notes"),
        on_submit=Bins.move,
        submit="Record movement",
    )
