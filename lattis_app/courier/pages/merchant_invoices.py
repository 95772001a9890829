"""Merchant invoices: the list, the record with its breakdown, and the ways to settle or cancel one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.invoice_rows import facts, row, steps
from lattis_app.courier.pages.invoice_views import BreakdownMixin, breakdown, invoice_summary
from lattis_app.courier.pages.words import INVOICE_OPTIONS, totals
from lattis_app.courier.queries import merchant_invoices as queries
from lattis_app.courier.queries import merchants
from lattis_app.courier.schemas.invoices import (
    CancelEntry,
    MerchantInvoiceFilters,
    MerchantInvoiceOut,
    PaymentEntry,
)
from lattis_app.courier.services import merchant_invoices as services
from lattis_app.courier.statuses import MerchantInvoiceStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, download_button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.records import (
    HistoryRow,
    history,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

MANAGE = Permission.COURIER_INVOICES_MANAGE
TRANSFERS = "/v1/merchant-invoices/bank-transfers?format=csv"
LIST = ListSpec(
    "merchant-invoices",
    (
        Column("number", "Number", sortable=True),
        Column("merchant", "Merchant"),
        Column("created_at", "Generated", "date", sortable=True, priority=2),
        Column("status", "Status", "badge"),
        Column("parcels", "Parcels", "number", priority=2),
        Column("collected", "Collected (RM)", "money", priority=3),
        Column("charges", "Charges (RM)", "money", priority=3),
        Column("payable_amount", "Payable (RM)", "money", note="besides", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=INVOICE_OPTIONS, several=True),
        Filter("merchant_id", "Merchant"),
        Filter("owing", "Merchant owes", options=(("true", "Yes"), ("false", "No"))),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("To pay", "status=GENERATED"), ("Merchant owes", "owing=true"), ("Paid", "status=PAID")),
    search="Number or merchant",
    export="/v1/merchant-invoices",
)
LABELS = {"payment_reference": "Reference"}
read = with_history(queries.find, "courier_merchant_invoices", LABELS)


def allowed(invoice: MerchantInvoiceOut) -> list[str]:
    """What can be done with an invoice: below nothing it can't be paid out, but carried or paid by the merchant."""
    if invoice.invoice_status is not MerchantInvoiceStatus.GENERATED:
        return []
    if invoice.carried_to_invoice_id is not None:
        return []
    return ["cancel", *(["carry", "receive"] if invoice.payable_amount < 0 else ["pay"])]


class MerchantInvoices(BreakdownMixin, rx.State):
    """Merchant invoices with the open one."""

    allowed: list[str] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(self, "merchant_id", merchants.find, lambda found: str(found.name))

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(MerchantInvoiceFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        sums = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, totals(sums))

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record, self.steps, self.allowed = facts(found), steps(found), allowed(found)
        await self._show_lines(1)

    @handler
    async def begin_pay(self) -> Any:
        """Open the form that says how the money went."""
        self._begin({})
        return open_dialog("pay-sheet")

    @handler
    async def pay(self, form: dict[str, Any]) -> Any:
        """Mark the open invoice paid."""
        paid = await self._submit(services.pay, as_id(self.open_id), Draft(PaymentEntry, form))
        if paid is None:
            return None
        return await self._done(say("{number} is paid", number=paid.invoice_no), closes="pay-sheet")

    @handler
    async def begin_receive(self) -> Any:
        """Open the form for money that came from the merchant."""
        self._begin({})
        return open_dialog("receive-sheet")

    @handler
    async def receive(self, form: dict[str, Any]) -> Any:
        """Record that the merchant paid what the open invoice came short."""
        paid = await self._submit(
            services.record_merchant_payment, as_id(self.open_id), Draft(PaymentEntry, form)
        )
        if paid is None:
            return None
        return await self._done(say("{number} is settled", number=paid.invoice_no), closes="receive-sheet")

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Cancel the open invoice with the typed reason."""
        entry = Draft(CancelEntry, {"reason": form.get("reason", "")})
        cancelled = await self._submit(_cancel, as_id(self.open_id), entry)
        if cancelled is None:
            return self._unsaid(closes="cancel-invoice")
        return await self._done(
            say("{number} cancelled", number=cancelled.invoice_no), closes="cancel-invoice"
        )


def _cancel(session: Any, actor: Actor, invoice_id: UUID, entry: CancelEntry) -> Any:
    return services.cancel(session, actor, invoice_id, entry.reason)


@page("/courier/invoices", "Merchant invoices", MANAGE, on_load=MerchantInvoices.load)
def merchant_invoices() -> rx.Component:
    """Merchant invoices with the record beside the list."""
    state = MerchantInvoices
    return rx.fragment(
        live_refresh(state.refresh, "merchant_invoice."),
        page_header(
            "Merchant invoices",
            tally(state, "invoice", "invoices"),
            if_may(MANAGE, download_button("Bank transfers", TRANSFERS, glyph="landmark")),
            if_may(MANAGE, button("Settle", kind="primary", href="/courier/settle")),
        ),
        data_table(
            state,
            LIST,
            label="Merchant invoices",
            nothing=empty(
                "No invoices yet",
                "Once parcels have arrived or come back, settle them: each merchant gets one invoice for all of them.",
                button("Settle", kind="primary", href="/courier/settle"),
                glyph="receipt-text",
            ),
        ),
        record_panel(state, *_record(), label="Merchant invoice"),
        *_forms(),
    )


def _record() -> list[rx.Component]:
    state, record = MerchantInvoices, MerchantInvoices.record
    settle = rx.fragment(
        step_if(state.allowed, "pay", button("Mark as paid…", kind="primary", on_click=state.begin_pay)),
        step_if(state.allowed, "receive", button("Merchant has paid…", on_click=state.begin_receive)),
    )
    return [
        record_head(
            "Merchant invoice",
            record["number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        next_steps(
            if_may(MANAGE, settle),
            download_button("PDF", record["pdf"], target="_blank"),
            if_may(
                MANAGE,
                step_if(
                    state.allowed, "cancel", confirm_button("Cancel invoice", "cancel-invoice", kind="danger")
                ),
            ),
        ),
        step_if(state.allowed, "carry", _owed()),
        tabs(
            "merchant-invoice-tabs",
            ("Summary", invoice_summary(record, has_merchant=True)),
            ("Breakdown", breakdown(state)),
            ("History", history(state.events)),
            counts={1: state.line_total},
        ),
    ]


def _owed() -> rx.Component:
    return notice(
        MerchantInvoices.record["payable_words"],
        "It can't be paid out. The merchant's next invoice takes it off by itself; or record here that the merchant "
        "has paid it.",
        tone="warn",
    )


def _forms() -> list[rx.Component]:
    state, record = MerchantInvoices, MerchantInvoices.record
    pay, receive = Fields(state, "pay"), Fields(state, "receive")
    about = rx.fragment(record["number"], " · ", record["merchant"], " · ", record["payable_words"])
    return [
        form_sheet(
            state,
            "pay-sheet",
            "Mark as paid",
            pay.text(
                "payment_reference",
                "Payment reference",
                required=True,
                hint="As the bank shows it to the merchant",
            ),
            pay.textarea("notes", "Notes"),
            on_submit=state.pay,
            submit="Mark as paid",
            subtitle=about,
        ),
        form_sheet(
            state,
            "receive-sheet",
            "The merchant has paid",
            receive.text("payment_reference", "Payment reference", required=True),
            receive.textarea("notes", "Notes"),
            on_submit=state.receive,
            submit="Record the payment",
            subtitle=about,
        ),
        confirm(
            "cancel-invoice",
            "Cancel this invoice?",
            "Its parcels can be settled again. The number stays used.",
            action="Cancel the invoice",
            reason="Reason",
            on_confirm=state.cancel,
            attempt=state.attempt,
        ),
    ]
