"""How settling merchants is doing: generation, payment, accuracy, database and answers of the API."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.queries import metrics
from lattis_app.courier.schemas.metrics import EndpointTimes, HealthOut, TableUse
from lattis_app.identity.permissions import Permission
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column
from lattis_app.ui.conditions import only_while
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import card, halves, key_values, notice, page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block
from lattis_app.ui.tables import simple_table
from lattis_app.web.observed import response_times

SERVED = ("/v1/merchant", "/v1/parcel")
TABLES = (
    Column("table", "Table"),
    Column("rows", "Rows", "number"),
    Column("share", "Read by index", "number"),
    Column("index", "Index reads", "number", priority=2),
    Column("whole", "Whole reads", "number", priority=2),
)
ENDPOINTS = (
    Column("endpoint", "Endpoint"),
    Column("requests", "Requests", "number"),
    Column("average", "Average", "number", priority=2),
    Column("p95", "95 % within", "number"),
    Column("errors", "Errors", "number"),
)


def figures(found: HealthOut) -> dict[str, str]:
    """The metrics in words."""

    def text(minor: int) -> str:
        return Money(minor, found.currency).text()

    hours, oldest = found.hours_to_payment, found.oldest_pending_days
    return {
        "month": f"{found.invoices_this_month:,}",
        "recent": say(
            "{today} today, {week} this week", today=found.invoices_today, week=found.invoices_this_week
        ),
        "per_invoice": f"{found.parcels_per_invoice:f}",
        "hours": "–" if hours is None else say("{count} h", count=f"{hours:f}"),
        "pending": f"{found.pending_invoices:,}",
        "oldest": say("Nothing waits")
        if oldest is None
        else say("the oldest for {count} days", count=oldest),
        "payable": text(found.payable),
        "owed": text(found.owed_by_merchants),
        "checked": f"{found.checked_invoices:,}",
        "wrong": f"{found.wrong_invoices:,}",
        "is_wrong": "true" if found.wrong_invoices else "",
        "accuracy": percent(found.charge_accuracy),
        "discrepancies": percent(found.discrepancy_rate),
        "disputes": f"{found.open_disputes:,}",
        "clearances": f"{found.open_clearances:,}",
        "in_use": f"{found.connections_in_use:,}",
        "idle": f"{found.connections_idle:,}",
        "statement": "–" if found.statement_ms is None else f"{found.statement_ms:f} ms",
    }


def percent(share: Any) -> str:
    """A share of one as a percentage."""
    return "–" if share is None else f"{share * 100:.2f} %"


def table(each: TableUse) -> dict[str, str]:
    """How one table is read."""
    return {
        "id": each.table,
        "table": each.table,
        "rows": f"{each.rows:,}",
        "share": percent(each.index_share),
        "index": f"{each.index_reads:,}",
        "whole": f"{each.whole_reads:,}",
    }


def endpoint(each: EndpointTimes) -> dict[str, str]:
    """How one endpoint answers."""
    return {
        "id": each.endpoint,
        "endpoint": each.endpoint,
        "requests": f"{each.requests:,}",
        "average": f"{each.average_ms:,} ms",
        "p95": f"{each.p95_ms:,} ms",
        "errors": percent(each.error_rate),
    }


class CourierHealth(rx.State):
    """The metrics of this moment."""

    shown: dict[str, str] = {}
    tables: list[dict[str, str]] = []
    endpoints: list[dict[str, str]] = []
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Measure."""
        found = await run(self, _measure)
        self.shown = figures(found)
        self.tables = [table(each) for each in found.tables]
        self.endpoints = [endpoint(each) for each in found.endpoints]
        self.ready = True


def _measure(session: Any, actor: Actor) -> HealthOut:
    return metrics.find(session, actor, response_times(SERVED))


@page("/courier/health", "Settlement health", Permission.COURIER_METRICS_READ, on_load=CourierHealth.load)
def courier_health() -> rx.Component:
    """Figures, accuracy, tables and endpoints."""
    state, shown = CourierHealth, CourierHealth.shown
    return rx.fragment(
        page_header(
            "Settlement health",
            "What programs read as metrics, for people.",
            button("Measure again", glyph="refresh-cw", on_click=state.load),
        ),
        only_while(
            shown["is_wrong"],
            notice(
                "The sums of some invoices differ from their lines",
                "Don't pay them; ask for support with their numbers.",
                tone="bad",
            ),
        ),
        rx.cond(state.ready, _figures(), skeleton_block("112px")),
        rx.cond(state.ready, _facts(), skeleton_block("180px")),
        rx.cond(state.ready, _tables(), skeleton_block("220px")),
    )


def _figures() -> rx.Component:
    shown = CourierHealth.shown
    return kpi_row(
        kpi("Invoices in 30 days", shown["month"], shown["recent"], href="/courier/invoices"),
        kpi("From invoice to payment", shown["hours"], "on average", href="/courier/invoices?status=PAID"),
        kpi(
            "Invoices to settle", shown["pending"], shown["oldest"], href="/courier/invoices?status=GENERATED"
        ),
        kpi("Amounts that are right", shown["accuracy"], "sums against lines, 90 days"),
    )


def _facts() -> rx.Component:
    shown = CourierHealth.shown
    return halves(
        card(
            key_values(
                ("To pay to merchants", shown["payable"]),
                ("Owed by merchants", shown["owed"]),
                ("Parcels on an invoice, on average", shown["per_invoice"]),
                ("Invoices checked", shown["checked"]),
                ("Invoices with wrong sums", shown["wrong"]),
                figures=True,
            ),
            title="Money",
        ),
        card(
            key_values(
                ("Parcels corrected after payment", shown["discrepancies"]),
                ("Corrections to settle", shown["clearances"]),
                ("Disputes to answer", shown["disputes"]),
                ("Database connections in use", shown["in_use"]),
                ("Database connections idle", shown["idle"]),
                ("Summing all invoices takes", shown["statement"]),
                figures=True,
            ),
            title="Discrepancies and database",
        ),
    )


def _tables() -> rx.Component:
    state = CourierHealth
    nothing = card(
        empty(
            "No requests yet", "Answers of the API since this process started appear here.", glyph="activity"
        )
    )
    return rx.fragment(
        rx.el.section(
            rx.el.div(rx.el.h2("Answers of the API"), class_name="card-head"),
            rx.cond(
                state.endpoints.length() > 0,
                simple_table(ENDPOINTS, state.endpoints, label="Answers of the API"),
                nothing,
            ),
        ),
        rx.el.section(
            rx.el.div(rx.el.h2("Tables"), class_name="card-head"),
            simple_table(TABLES, state.tables, label="Tables"),
        ),
    )
