"""Invoices over all sellers: what is overdue, what was claimed as paid, and the steps of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.attachments.queries import attachments
from lattis_app.audit.pages.histories import history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.invoice_rows import breakdown, claims, facts, items, row
from lattis_app.marketplace.pages.invoice_views import (
    amounts,
    claim_list,
    happened,
    order_table,
    proof_rows,
)
from lattis_app.marketplace.pages.looks import INVOICE_STATUSES
from lattis_app.marketplace.pages.run_tabs import NEXT
from lattis_app.marketplace.queries import invoices as queries
from lattis_app.marketplace.queries import sellers
from lattis_app.marketplace.schemas.invoices import InvoiceFilters, InvoiceOut, PaymentEntry, ReasonEntry
from lattis_app.marketplace.schemas.runs import RunEntry
from lattis_app.marketplace.services import invoices as services
from lattis_app.marketplace.services import runs
from lattis_app.marketplace.services.attachment_targets import SELLER_INVOICE
from lattis_app.marketplace.statuses import InvoiceStatus
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, download_button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import (
    HistoryRow,
    files,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

LIST = ListSpec(
    "marketplace-invoices",
    (
        Column("invoice_number", "Invoice", sortable=True, note="store"),
        Column("week_start_date", "Week", sortable=True, priority=3),
        Column("due_date", "Due", "date", sortable=True, priority=2),
        Column("orders", "Orders", "number", priority=3),
        Column("status", "Status", "badge"),
        Column("total_amount", "Amount", "money", sortable=True, note="parts"),
    ),
    filters=(
        Filter("status", "Status", options=INVOICE_STATUSES, several=True),
        Filter("claimed", "Payment claimed", options=(("true", "Yes"), ("false", "No"))),
        Filter("sellerId", "Seller"),
    ),
    views=(
        ("To confirm", "claimed=true"),
        ("Overdue", "status=overdue"),
        ("Open", "status=pending,overdue"),
    ),
    search="Number, store or seller",
    export="/api/invoices/admin",
)
LABELS = {"invoice_number": "Number", "total_minor": "Total", "due_on": "Due"}


def steps(invoice: InvoiceOut) -> list[str]:
    """What an administrator may do with it now."""
    if invoice.status is InvoiceStatus.CANCELLED:
        return ["reissue"]
    if invoice.status is InvoiceStatus.PAID:
        return []
    return ["confirm", "reject", "cancel"] if invoice.payment_claimed else ["pay", "cancel"]


def read(session: Any, actor: Actor, invoice_id: UUID) -> dict[str, Any]:
    """An invoice with all that its panel shows. Raises NotFound."""
    found = queries.find(session, actor, invoice_id)
    kept = attachments.list_for(session, actor, SELLER_INVOICE, invoice_id)
    return {
        "record": facts(found),
        "allowed": steps(found),
        "items": items(found, "/marketplace/orders"),
        "breakdown": breakdown(found),
        "claims": claims(found),
        "proofs": proof_rows(kept),
        "events": history(session, actor, "marketplace_invoices", invoice_id, LABELS),
    }


class SellersInvoices(RecordsMixin, rx.State):
    """Invoices of all sellers with the open one."""

    record: dict[str, str] = {}
    allowed: list[str] = []
    items: list[dict[str, str]] = []
    breakdown: list[dict[str, str]] = []
    claims: list[dict[str, str]] = []
    proofs: list[dict[str, str]] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(self, "sellerId", sellers.find, lambda found: str(found.store_name))

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(InvoiceFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        shown = await run(self, read, as_id(record_id))
        self.record, self.allowed, self.items = shown["record"], shown["allowed"], shown["items"]
        self.breakdown, self.claims = shown["breakdown"], shown["claims"]
        self.proofs, self.events = shown["proofs"], shown["events"]

    @handler
    async def begin_payment(self) -> Any:
        """Open the form to mark the open invoice as paid."""
        self._begin()
        return open_dialog("paid-sheet")

    @handler
    async def pay(self, form: dict[str, Any]) -> Any:
        """Mark the open invoice as paid; a claim is confirmed by it."""
        paid = await self._submit(_paid, as_id(self.open_id), Draft(PaymentEntry, form))
        if paid is None:
            return None
        return await self._done(say("{number} is paid", number=paid), closes="paid-sheet")

    @handler
    async def reject(self, form: dict[str, Any]) -> Any:
        """Answer the open claim: no payment was found, and why."""
        entry = Draft(ReasonEntry, {"reason": form.get("reason", "")})
        if await self._submit(_rejected, as_id(self.open_id), entry) is None:
            return self._unsaid(closes="reject-claim")
        return await self._done(say("The seller is told that no payment was found"), closes="reject-claim")

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Take the open invoice back with the typed reason."""
        entry = Draft(ReasonEntry, {"reason": form.get("reason", "")})
        cancelled = await self._submit(_cancelled, as_id(self.open_id), entry)
        if cancelled is None:
            return self._unsaid(closes="cancel-invoice")
        return await self._done(say("{number} is cancelled", number=cancelled), closes="cancel-invoice")

    @handler
    async def reissue(self) -> Any:
        """Bill the week of the cancelled invoice again."""
        week, seller = self.record.get("week_text", ""), self.record.get("seller_id", "")
        made = await run(self, runs.run, parse(RunEntry, {"week": week, "sellerId": seller}))
        await self._again()
        if not made.invoices:
            return toasts.warned(
                say("Nothing to issue again"), say("Its orders stand on another invoice by now, or are paid.")
            )
        return toasts.done(say("Issued again"), say("The new invoice is in the list."))


def _paid(session: Any, actor: Actor, invoice_id: UUID, entry: PaymentEntry) -> str:
    return services.mark_paid(session, actor, invoice_id, entry).invoice_number


def _rejected(session: Any, actor: Actor, invoice_id: UUID, entry: ReasonEntry) -> str:
    return services.reject_claim(session, actor, invoice_id, entry.reason).invoice_number


def _cancelled(session: Any, actor: Actor, invoice_id: UUID, entry: ReasonEntry) -> str:
    return services.cancel(session, actor, invoice_id, entry.reason).invoice_number


@page(
    "/marketplace/invoices",
    "Sellers' invoices",
    Permission.MARKETPLACE_INVOICES_READ,
    on_load=SellersInvoices.load,
)
def invoices() -> rx.Component:
    """Invoices of all sellers with the record beside the list."""
    state = SellersInvoices
    return rx.fragment(
        live_refresh(state.refresh, "seller_invoice."),
        page_header("Sellers' invoices", counted(state, "invoice", "invoices")),
        data_table(
            state,
            LIST,
            label="Sellers' invoices",
            nothing=empty(
                "No invoices yet",
                "Every Monday at 00:00 the cash orders delivered in the week before are billed, one invoice a "
                "seller. Next Monday's run shows what it will be.",
                button("Look at next Monday's run", kind="primary", href=NEXT),
                glyph="receipt-text",
            ),
        ),
        record_panel(state, *_record(), label="Invoice"),
        *_forms(),
    )


def _forms() -> list[rx.Component]:
    state, record, f = SellersInvoices, SellersInvoices.record, Fields(SellersInvoices, "paid")
    confirming = record["claimed"] != ""
    return [
        form_sheet(
            state,
            "paid-sheet",
            rx.cond(confirming, "Confirm the payment", "Mark as paid"),
            f.textarea(
                "paymentNotes", "Payment notes", hint="Bank, reference, day. Empty: what the seller gave"
            ),
            on_submit=state.pay,
            submit=rx.cond(confirming, "Confirm the payment", "Mark as paid"),
            subtitle=rx.fragment(record["invoice_number"], " · ", record["store"], " · ", record["owed"]),
            note="The last overdue invoice frees the seller",
        ),
        confirm(
            "reject-claim",
            "No payment found?",
            "The seller is told, with your reason. The invoice stays open.",
            action="Reject the claim",
            reason="Reason",
            on_confirm=state.reject,
            attempt=state.attempt,
        ),
        confirm(
            "cancel-invoice",
            "Cancel this invoice?",
            "It no longer counts. Its orders can be billed again, under a number of its own.",
            action="Cancel the invoice",
            reason="Reason",
            on_confirm=state.cancel,
            attempt=state.attempt,
        ),
    ]


def _record() -> list[rx.Component]:
    state, record = SellersInvoices, SellersInvoices.record
    pay = {"kind": "primary", "on_click": state.begin_payment}
    return [
        record_head(
            "Invoice",
            record["invoice_number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        next_steps(
            step_if(state.allowed, "confirm", button("Confirm payment", **pay)),
            step_if(state.allowed, "pay", button("Mark as paid", **pay)),
            step_if(state.allowed, "reject", confirm_button("Reject claim", "reject-claim")),
            step_if(state.allowed, "reissue", button("Issue again", kind="primary", on_click=state.reissue)),
            download_button("PDF", "/api/invoices/admin/" + record["id"] + "/pdf", target="_blank"),
            step_if(state.allowed, "cancel", confirm_button("Cancel", "cancel-invoice", kind="danger")),
        ),
        tabs(
            "seller-invoice-tabs",
            ("Summary", _summary(record)),
            ("Orders", order_table(state.items)),
            ("History", history_tab(state.events)),
            counts={1: state.items.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    state = SellersInvoices
    seller = rx.fragment(
        link(record["store"], record["seller_href"]),
        " ",
        badge(record["restricted"], record["restricted_tone"]),
    )
    return stack(
        happened(record),
        only_while(state.claims.length() > 0, claim_list(state.claims)),
        only_while(state.proofs.length() > 0, files(state.proofs)),
        key_values(
            ("Seller", seller),
            ("Owner", record["contact"]),
            ("E-mail", record["email"]),
            ("Week", record["week_start_date"]),
            ("Due", record["due_date"]),
            ("Owed", money(record["owed"], strong=True)),
        ),
        amounts(state.breakdown, record),
    )
