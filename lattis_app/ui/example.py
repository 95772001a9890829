"""A complete list page to copy from: list, record beside it, form, confirmation, chart. Sample data, no database.

Open it at /_example. A real page reads through `run(self, some_query, ...)` instead of the lists below.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import reflex as rx
from pydantic import BaseModel, Field

from lattis_app.core.errors import Invalid, NotFound
from lattis_app.core.money import parse_money
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, menu_item, more_menu
from lattis_app.ui.charts import bars, chart_card
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, confirm, confirm_button
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import page
from lattis_app.ui.records import (
    HistoryRow,
    Step,
    history,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import BulkAction, data_table

COLUMNS = (
    Column("number", "Number", sortable=True),
    Column("customer", "Customer", sortable=True, note="site"),
    Column("bin", "Bin", priority=2),
    Column("driver", "Driver", priority=3),
    Column("on", "Day", "date", sortable=True, priority=2),
    Column("status", "Status", "badge"),
    Column("amount", "Amount (RM)", "money", sortable=True),
    Column("note", "Note", hidden_by_default=True),
)
STATUSES = {
    "issued": ("Issued", "info"),
    "pending_invoice": ("Pending invoice", "warn"),
    "invoiced": ("Invoiced", "ok"),
    "closed": ("Closed", "neutral"),
    "cancelled": ("Cancelled", "bad"),
}
FILTERS = (
    Filter(
        "status", "Status", options=tuple((key, word) for key, (word, _) in STATUSES.items()), several=True
    ),
    Filter("from", "From", "date"),
    Filter("to", "To", "date"),
)
LIST = ListSpec(
    "example",
    COLUMNS,
    filters=FILTERS,
    views=(("Waiting for invoice", "status=pending_invoice"),),
    search="Number or customer",
    export="/v1/delivery-orders",
)
CUSTOMERS = (
    "ABC Construction Sdn Bhd",
    "Setia Build Sdn Bhd",
    "Kedai Perabot Maju",
    "Pembinaan Jaya",
    "Taman Sri Resort",
)
SITES = ("456 Jalan Puchong", "Subang Jaya", "Shah Alam", "Klang", "Cheras")
DRIVERS = ("Ahmad Rahman", "Lim Wei", "Siva Kumar")


def _sample(count: int) -> list[dict[str, str]]:
    rows = []
    for place in range(count):
        key = list(STATUSES)[place * 7 % 5]
        rows.append(
            {
                "id": f"do-{place}",
                "number": f"DO-2026-{945 - place:05}",
                "customer": CUSTOMERS[place % 5],
                "site": SITES[place * 3 % 5],
                "bin": f"ASR{100 + place % 50}",
                "driver": DRIVERS[place % 3],
                "on": f"{21 - place % 20} Nov 2026",
                "status": STATUSES[key][0],
                "status_key": key,
                "status_tone": STATUSES[key][1],
                "amount": f"{350 + place * 85 % 700:,}.00",
                "note": "",
            }
        )
    return rows


ORDERS = _sample(312)


class OrderIn(BaseModel):
    """What the form asks for."""

    customer: str = Field(min_length=1)
    bin: str = Field(min_length=1)
    amount: str
    note: str = ""


def create_order(_session: Any, _actor: Any, order: OrderIn) -> dict[str, str]:
    """Stands for a service: refuses an amount that is not positive."""
    if parse_money(order.amount).minor <= 0:
        raise Invalid.field("amount", "must be more than zero")
    return {"number": "DO-2026-00946"}


class ExampleState(ListMixin, FormMixin, rx.State):
    """Orders with a record beside them."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    events: list[HistoryRow] = []
    weeks: list[dict[str, str]] = []
    sales: go.Figure = go.Figure()

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        labels = [f"W{week}" for week in range(41, 48)]
        invoiced, collected = (
            [38200, 43100, 31900, 48700, 46100, 53800, 51200],
            [30100, 34200, 28900, 38100, 40000, 42700, 33100],
        )
        self.sales = bars({"Invoiced": invoiced, "Collected": collected}, labels, x="Week of 2026", y="RM")
        self.weeks = [
            {"week": w, "invoiced": f"{a:,}.00", "collected": f"{b:,}.00"}
            for w, a, b in zip(labels, invoiced, collected, strict=True)
        ]

    async def _fetch(self, request: ListRequest) -> Listing:
        wanted = request.values("status")
        rows = [row for row in ORDERS if not wanted or row["status_key"] in wanted]
        rows = [row for row in rows if request.q.lower() in (row["number"] + row["customer"]).lower()]
        if request.sort:
            key = request.sort.removeprefix("-")
            rows = sorted(rows, key=lambda row: row[key], reverse=request.sort.startswith("-"))
        first = (request.page - 1) * request.limit
        return Listing(rows[first : first + request.limit], len(rows), "RM 118,940.00")

    async def _fetch_record(self, record_id: str) -> None:
        found = [row for row in ORDERS if row["id"] == record_id]
        if not found:
            raise NotFound.record("delivery order", record_id)
        self.record = found[0]
        place = list(STATUSES).index(found[0]["status_key"])
        states = ["done"] * place + ["current"] + ["todo"] * (3 - place)
        labels = ["Issued", "Pending invoice", "Invoiced", "Closed"]
        self.steps = [Step(label=a, state=b) for a, b in zip(labels, states[:4], strict=True)]
        self.allowed = ["invoice", "cancel"] if place < 2 else []
        self.events = [
            HistoryRow(what="Weight corrected", who="Aina", when="21 Nov 2026, 11:02", field="Weight", before="1,200 kg", after="1,400 kg", reason="Scale ticket"),
            HistoryRow(what="Delivered", who="Ahmad Rahman", when="21 Nov 2026, 09:42", field="", before="", after="", reason=""),
        ]  # fmt: skip

    @handler
    async def create(self, form: dict[str, Any]) -> Any:
        """Take the form; a refusal stays beside its field, a success closes the sheet."""
        made = await self._submit(create_order, Draft(OrderIn, form))
        if made is None:
            return None
        await self._again()
        return [close_dialog("order-sheet"), toasts.done(f"{made['number']} issued")]

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Cancel the open order with the typed reason."""
        self.attempt += 1
        return [
            close_dialog("cancel-order"),
            toasts.done(f"{self.record['number']} cancelled", form["reason"]),
        ]

    @handler
    async def print_selected(self) -> Any:
        """A bulk action reads `selected`."""
        return toasts.told(f"{len(self.selected)} orders sent to the printer")

    @handler
    async def open_week(self, points: list[dict[str, Any]]) -> Any:
        """A click on the chart opens the records behind it."""
        if points:
            return toasts.told(f"Orders of {points[0].get('x', '')}")
        return None


@page("/_example", "Example", on_load=ExampleState.load)
def example() -> rx.Component:
    """Delivery orders with everything a list page has."""
    state = ExampleState
    return rx.fragment(
        page_header(
            "Delivery orders",
            rx.fragment(rx.el.span(state.total, " match · ", state.note, class_name="num")),
            button("New order", kind="primary", glyph="plus", opens="order-sheet"),
        ),
        _weeks(),
        data_table(
            state,
            LIST,
            label="Delivery orders",
            bulk=(BulkAction("Print", state.print_selected, "printer"),),
            nothing=empty(
                "No delivery orders yet",
                "A delivery order is made when a booking is assigned, or directly from here.",
                button("New order", kind="primary", opens="order-sheet"),
                glyph="clipboard-list",
            ),
        ),
        record_panel(state, *_record(), label="Delivery order"),
        _form(),
        confirm(
            "cancel-order",
            "Cancel this order?",
            "The bin becomes free again and a draft invoice is voided. This cannot be undone.",
            action="Cancel the order",
            reason="Reason",
            on_confirm=state.cancel,
            attempt=state.attempt,
        ),
    )


def _weeks() -> rx.Component:
    state = ExampleState
    return chart_card(
        "Invoiced and collected by week",
        state.sales,
        ready=state.loaded,
        rows=state.weeks,
        columns=(
            Column("week", "Week"),
            Column("invoiced", "Invoiced", "money"),
            Column("collected", "Collected", "money"),
        ),
        on_click=state.open_week,
    )


def _record() -> list[rx.Component]:
    state = ExampleState
    record = state.record
    return [
        record_head(
            "Delivery order",
            record["number"],
            more_menu("order-more", menu_item("Print", glyph="printer", data_print="true")),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(state.allowed, "invoice", button("Issue invoice", kind="primary")),
            step_if(state.allowed, "cancel", confirm_button("Cancel", "cancel-order")),
        ),
        tabs(
            "order-tabs",
            (
                "Summary",
                key_values(
                    ("Customer", record["customer"]),
                    ("Bin", record["bin"]),
                    ("Driver", record["driver"]),
                    ("Day", record["on"]),
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Amount", rx.el.span("RM ", record["amount"], class_name="money")),
                ),
            ),
            ("History", history(state.events)),
            counts={1: state.events.length()},
        ),
    ]


def _form() -> rx.Component:
    f = Fields(ExampleState, "order")
    return form_sheet(
        ExampleState,
        "order-sheet",
        "New delivery order",
        f.text("customer", "Customer", required=True),
        side_by_side(f.text("bin", "Bin", required=True), f.money("amount", "Amount", required=True)),
        f.textarea("note", "Note", hint="Printed on the order"),
        on_submit=ExampleState.create,
        submit="Issue order",
    )
