"""One merchant invoice as the office and its merchant see it, with its breakdown by parcel."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.pagination import PageRequest
from lattis_app.courier.pages.invoice_rows import line
from lattis_app.courier.pages.record_lines import Lines, LinesMixin, line_pager
from lattis_app.courier.queries import merchant_invoices as queries
from lattis_app.courier.schemas.invoices import LineFilters
from lattis_app.ui.buttons import link
from lattis_app.ui.columns import Column
from lattis_app.ui.conditions import only_while
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import card, key_values, notice, stack
from lattis_app.ui.lists import as_id
from lattis_app.ui.money import money
from lattis_app.ui.records import Step
from lattis_app.ui.states import empty
from lattis_app.ui.tables import simple_table

BREAKDOWN = (
    Column("what", "Parcel", "link"),
    Column("kind", "Status", "badge"),
    Column("collected", "Collected (RM)", "money", priority=2),
    Column("charges", "Charges (RM)", "money", priority=2),
    Column("net", "Payable (RM)", "money"),
)


class BreakdownMixin(LinesMixin, mixin=True):
    """Invoices with the open one and a page of its breakdown."""

    record: dict[str, str] = {}
    steps: list[Step] = []

    def _is_merchants(self) -> bool:
        return False

    async def _lines(self, request: PageRequest) -> Lines:
        found = await run(self, queries.lines, as_id(self.open_id), LineFilters(), request)
        return [line(each, to_merchant=self._is_merchants()) for each in found.rows], found.total


def breakdown(state: Any) -> rx.Component:
    """What each parcel brought and cost, a page at a time."""
    nothing = empty(
        "No lines any more",
        "This invoice was cancelled: its parcels can be settled again.",
        glyph="package-x",
    )
    table = simple_table(BREAKDOWN, state.lines, label="Breakdown by parcel")
    return stack(rx.cond(state.lines.length() > 0, table, nothing), line_pager(state), tight=True)


def invoice_summary(record: Any, *, has_merchant: bool) -> rx.Component:
    """What is payable and how it comes about, then how it was settled."""
    whose = [("Merchant", link(record["merchant"], record["merchant_href"]))] if has_merchant else []
    return stack(
        only_while(
            record["cancel_reason"] != "", notice("Cancelled", record["cancel_reason"], tone="neutral")
        ),
        only_while(record["carried_to"] != "", _carried(record)),
        invoice_money(record),
        key_values(
            *whose,
            ("Generated", record["created_at"]),
            (
                "Parcels",
                rx.el.span(
                    record["parcels"],
                    " · ",
                    record["delivered"],
                    " delivered, ",
                    record["returned"],
                    " returned",
                    class_name="num",
                ),
            ),
            ("Settled", rx.cond(record["settled"] != "", record["settled"], "–")),
            ("When", rx.cond(record["paid_at"] != "", record["paid_at"], "–")),
            ("Reference", record["reference"]),
        ),
        only_while(record["notes"] != "", rx.el.p(record["notes"], class_name="muted pre-line")),
    )


def _carried(record: Any) -> rx.Component:
    return notice(
        "Carried forward",
        rx.fragment("It is taken off ", link(record["carried_to"], record["carried_to_href"]), "."),
    )


def invoice_money(record: Any) -> rx.Component:
    """From what was collected to what is payable."""
    return card(
        key_values(
            ("Collected", money(record["collected_text"])),
            ("Delivery charges", money(record["delivery_text"])),
            ("Return charges", money(record["return_text"])),
            figures=True,
        ),
        only_while(
            record["clearance_text"] != "",
            key_values(("Corrections", money(record["clearance_text"])), figures=True),
        ),
        only_while(
            record["opening_text"] != "",
            key_values(("Carried forward", money(record["opening_text"])), figures=True),
        ),
        key_values(
            (rx.el.b("Payable"), money(record["payable_text"], strong=True)),
            figures=True,
        ),
        class_name="stack-tight",
    )
