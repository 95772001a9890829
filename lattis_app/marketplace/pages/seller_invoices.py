"""A seller's invoices: what is to pay and until when, one card each on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages import invoice_rows
from lattis_app.marketplace.pages.looks import INVOICE_STATUSES
from lattis_app.marketplace.pages.standing import SellerStanding, standing
from lattis_app.marketplace.queries import invoices as queries
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.schemas.invoices import MyInvoiceFilters
from lattis_app.ui.buttons import button, segmented_links
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header, row
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

LIST = ListSpec(
    "seller-invoices",
    (
        Column("invoice_number", "Invoice", sortable=True),
        Column("week_start_date", "Week", sortable=True),
        Column("due_date", "Due", "date", sortable=True),
        Column("orders", "Orders", "number", priority=2),
        Column("status", "Status", "badge"),
        Column("total_amount", "Amount", "money", sortable=True, note="parts"),
    ),
    filters=(Filter("status", "Status", options=INVOICE_STATUSES, several=True),),
    search="Invoice number",
    export="/api/invoices/seller/my-invoices",
)
VIEWS = (
    ("All", ""),
    ("Pending", "status=pending"),
    ("Overdue", "status=overdue"),
    ("Paid", "status=paid"),
)


class SellerInvoices(RecordsMixin, rx.State):
    """The signed-in seller's invoices."""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(MyInvoiceFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.rows_of_mine, filters, wanted(request))
        return Listing(display(found, invoice_rows.row), found.total)

    @handler
    async def open_record(self, record_id: str) -> Any:
        """Go to the invoice's own page."""
        return rx.redirect(invoice_link(as_id(record_id)))


@page(
    "/seller/invoices",
    "My invoices",
    Permission.MARKETPLACE_OWN_INVOICES_READ,
    on_load=[SellerInvoices.load, SellerStanding.load],
)
def seller_invoices() -> rx.Component:
    """A seller's invoices, with what needs to be paid first."""
    state = SellerInvoices
    choices = [(f"?{query}", words, state.criteria == query) for words, query in VIEWS]
    return rx.fragment(
        live_refresh(state.refresh, "seller_invoice."),
        page_header("Invoices", counted(state, "invoice", "invoices")),
        standing(),
        row(segmented_links(choices, label="Which invoices")),
        data_table(
            state,
            LIST,
            label="Invoices",
            nothing=empty(
                "No invoices yet",
                "Every Monday the cash orders you delivered in the week before are put on one invoice. Deliver "
                "your first, and it appears here.",
                button("Go to your orders", kind="primary", href="/seller/orders"),
                glyph="receipt-text",
            ),
        ),
    )
