"""Clearances: parcels that were paid and corrected afterwards, and the invoice each correction rides on."""

from __future__ import annotations

import reflex as rx

from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.parcel_rows import facts, row
from lattis_app.courier.pages.parcel_views import parcel_summary
from lattis_app.courier.pages.words import FINANCIAL
from lattis_app.courier.queries import merchants
from lattis_app.courier.queries import parcels as queries
from lattis_app.courier.schemas.parcels import ParcelFilters, ParcelRow
from lattis_app.courier.statuses import FinancialStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import next_steps, record_head, record_panel
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

CORRECTED = (
    FinancialStatus.CLEARANCE_PENDING,
    FinancialStatus.CLEARANCE_INVOICED,
    FinancialStatus.SETTLED,
)
PAID = "/courier/parcels?financial_status=PAID"
LIST = ListSpec(
    "clearances",
    (
        Column("tracking_number", "Parcel", sortable=True, note="merchant"),
        Column("settled", "Status", "badge"),
        Column("invoice", "Rides on", "link"),
        Column("paid", "Paid so far (RM)", "money", priority=2),
        Column("net", "Should be (RM)", "money", priority=2),
        Column("correction", "Correction (RM)", "money"),
    ),
    filters=(
        Filter(
            "financial_status",
            "Status",
            options=tuple((str(status), FINANCIAL[status][0]) for status in CORRECTED),
            several=True,
        ),
        Filter("merchant_id", "Merchant"),
    ),
    views=(("Waiting for an invoice", "financial_status=CLEARANCE_PENDING"),),
    search="Tracking number or order",
    export="/v1/parcels",
)


def clearance_row(parcel: ParcelRow) -> dict[str, str]:
    """One line of the list."""

    def figures(minor: int | None) -> str:
        return "–" if minor is None else Money(minor, parcel.currency).figures()

    return row(parcel) | {
        "invoice": parcel.clearance_invoice_no or "–",
        "invoice_href": f"/courier/invoices?open={parcel.clearance_invoice_id}"
        if parcel.clearance_invoice_id
        else "/courier/settle",
        "paid": figures(parcel.paid_amount),
        "correction": figures(parcel.clearance_amount),
    }


class Clearances(RecordsMixin, rx.State):
    """Corrected parcels with the open one."""

    record: dict[str, str] = {}

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(self, "merchant_id", merchants.find, lambda found: str(found.name))

    async def _fetch(self, request: ListRequest) -> Listing:
        asked = {"q": request.q, "clearance_required": "true", **request.filters}
        filters = parse(ParcelFilters, asked)
        found = await run(self, queries.page, filters, wanted(request))
        sums = await run(self, queries.summarise, filters)
        note = Money(sums.clearance, sums.currency).text() if sums.clearances else ""
        return Listing(display(found, clearance_row), found.total, note)

    async def _fetch_record(self, record_id: str) -> None:
        self.record = facts(await run(self, queries.find, as_id(record_id)))


@page("/courier/clearances", "Clearances", Permission.COURIER_PARCELS_MANAGE, on_load=Clearances.load)
def clearances() -> rx.Component:
    """Corrected parcels with the record beside the list."""
    state = Clearances
    return rx.fragment(
        live_refresh(state.refresh, "parcel.", "merchant_invoice."),
        page_header(
            "Clearances",
            tally(state, "correction", "corrections", "waiting for an invoice"),
            button("Correct a paid parcel", href=PAID),
        ),
        data_table(
            state,
            LIST,
            label="Clearances",
            nothing=empty(
                "Nothing to correct",
                "When an amount turns out wrong after it was paid, open the parcel and record a correction. The "
                "difference rides on the merchant's next invoice.",
                button("Find the parcel", kind="primary", href=PAID),
                glyph="scale",
            ),
        ),
        record_panel(state, *_record(), label="Clearance"),
    )


def _record() -> list[rx.Component]:
    state, record = Clearances, Clearances.record
    return [
        record_head(
            "Clearance",
            record["tracking_number"],
            status=badge(record["settled"], record["settled_tone"]),
            on_close=state.close_record,
        ),
        next_steps(button("Open the parcel", href="/courier/parcels?open=" + record["id"])),
        parcel_summary(record, has_merchant=True),
    ]
