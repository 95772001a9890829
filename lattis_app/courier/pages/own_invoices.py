"""A merchant's own invoices: what each settlement brought, parcel by parcel, and its paper."""

from __future__ import annotations

import reflex as rx

from lattis_app.core.schemas import parse
from lattis_app.courier.pages.invoice_rows import facts, own_row, steps
from lattis_app.courier.pages.invoice_views import BreakdownMixin, breakdown, invoice_summary
from lattis_app.courier.pages.words import totals
from lattis_app.courier.queries import merchant_invoices as queries
from lattis_app.courier.schemas.invoices import MerchantInvoiceFilters
from lattis_app.courier.statuses import MerchantInvoiceStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, download_button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.records import lifecycle_strip, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

STATUSES = (
    (str(MerchantInvoiceStatus.GENERATED), "On its way"),
    (str(MerchantInvoiceStatus.PAID), "Settled"),
    (str(MerchantInvoiceStatus.CANCELLED), "Cancelled"),
)
LIST = ListSpec(
    "own-invoices",
    (
        Column("number", "Number", sortable=True),
        Column("created_at", "Generated", "date", sortable=True),
        Column("status", "Status", "badge"),
        Column("parcels", "Parcels", "number", priority=2),
        Column("collected", "Collected (RM)", "money", priority=3),
        Column("charges", "Charges (RM)", "money", priority=3),
        Column("payable_amount", "For you (RM)", "money", note="besides", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("On its way", "status=GENERATED"), ("Settled", "status=PAID")),
    search="Number",
    export="/v1/merchant-invoices",
)


class OwnInvoices(BreakdownMixin, rx.State):
    """The merchant's invoices with the open one."""

    def _spec(self) -> ListSpec:
        return LIST

    def _is_merchants(self) -> bool:
        return True

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(MerchantInvoiceFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        sums = await run(self, queries.summarise, filters)
        return Listing(display(found, own_row), found.total, totals(sums, to_merchant=True))

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        self.record, self.steps = facts(found, to_merchant=True), steps(found, to_merchant=True)
        await self._show_lines(1)


@page("/merchant/invoices", "Invoices", Permission.COURIER_OWN_ACCOUNT_READ, on_load=OwnInvoices.load)
def own_invoices() -> rx.Component:
    """The merchant's invoices with the record beside the list."""
    state = OwnInvoices
    return rx.fragment(
        live_refresh(state.refresh, "merchant_invoice."),
        page_header("Invoices", tally(state, "invoice", "invoices")),
        data_table(
            state,
            LIST,
            label="Invoices",
            nothing=empty(
                "No settlement yet",
                "Once parcels of yours have arrived, we settle them: what was collected, less the charges, parcel by "
                "parcel.",
                button("See your parcels", href="/merchant/parcels"),
                glyph="receipt-text",
            ),
        ),
        record_panel(state, *_record(), label="Invoice"),
    )


def _record() -> list[rx.Component]:
    state, record = OwnInvoices, OwnInvoices.record
    return [
        record_head(
            "Invoice",
            record["number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        next_steps(download_button("PDF", record["pdf"], target="_blank")),
        only_while(
            record["is_owed"] != "",
            notice(
                record["payable_words"],
                "Returns cost more than was collected. Your next settlement takes it off by itself.",
                tone="warn",
            ),
        ),
        tabs(
            "own-invoice-tabs",
            ("Summary", invoice_summary(record, has_merchant=False)),
            ("Parcels", breakdown(state)),
            counts={1: state.line_total},
        ),
    ]
