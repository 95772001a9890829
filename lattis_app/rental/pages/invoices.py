"""Invoices: the list, the record beside it, and the forms to pay and void one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.refund_forms import refund_button, refund_sheet
from lattis_app.rental.queries import customers
from lattis_app.rental.queries import invoices as queries
from lattis_app.rental.schemas.invoices import InvoiceFilters, InvoiceOut, InvoiceRow, PaymentEntry, VoidEntry
from lattis_app.rental.services import invoices as services
from lattis_app.rental.services import payments
from lattis_app.rental.statuses import INVOICE_LIFECYCLE, InvoiceStatus, PaymentMethod
from lattis_app.ui import moments
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, download_button, link, menu_item, more_menu
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.money import money_lines
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import (
    HistoryRow,
    Step,
    history,
    lifecycle_steps,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, simple_table, tally

TONES = {
    "draft": "neutral",
    "issued": "info",
    "partially_paid": "warn",
    "paid": "ok",
    "closed": "neutral",
    "voided": "bad",
}
STATUSES = tuple((str(status), words(status)) for status in InvoiceStatus)
METHODS = tuple((str(method), payment_method(method)) for method in PaymentMethod)
STEPS = {
    InvoiceStatus.DRAFT: ["issue", "void"],
    InvoiceStatus.ISSUED: ["pay", "void"],
    InvoiceStatus.PARTIALLY_PAID: ["pay"],
}
LIST = ListSpec(
    "invoices",
    (
        Column("number", "Number", sortable=True, note="order"),
        Column("customer", "Customer"),
        Column("issued_on", "Issued", "date", sortable=True, priority=3),
        Column("due_on", "Due", "date", sortable=True, priority=2),
        Column("status", "Status", "badge"),
        Column("total", "Total (RM)", "money", sortable=True),
        Column("balance", "Balance (RM)", "money", priority=2),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("overdue", "Overdue", options=(("true", "Yes"), ("false", "No"))),
        Filter("customer_id", "Customer"),
        Filter("method", "Payment", options=METHODS, several=True),
        Filter("area", "Area", "text"),
        Filter("state", "State", "text"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
        Filter("due_from", "Due from", "date"),
        Filter("due_to", "Due to", "date"),
    ),
    views=(
        ("Overdue", "overdue=true"),
        ("Drafts", "status=draft"),
        ("Waiting for money", "status=issued,partially_paid"),
    ),
    search="Number or customer",
    export="/v1/invoices",
)
PAYMENTS = (
    Column("receipt", "Receipt", "link", note="reference"),
    Column("when", "Received"),
    Column("method", "Method"),
    Column("amount", "Amount (RM)", "money"),
)
LABELS = {"invoice_number": "Number", "paid_minor": "Paid (RM)", "total_minor": "Total (RM)"}
read = with_history(queries.find, "rental_invoices", LABELS)


def row(invoice: InvoiceRow) -> dict[str, str]:
    """One line of the list."""
    late = invoice.days_overdue
    return {
        "id": str(invoice.id),
        "number": invoice.invoice_number or say("Draft"),
        "order": invoice.system_do_number or "",
        "customer": invoice.customer_name,
        "issued_on": moments.day(invoice.issued_on) if invoice.issued_on else "–",
        "due_on": moments.day(invoice.due_on) if invoice.due_on else "–",
        "status": overdue(late) if late else words(invoice.status),
        "status_tone": "bad" if late else TONES[invoice.status],
        "total": Money(invoice.total, invoice.currency).figures(),
        "balance": Money(invoice.balance, invoice.currency).figures(),
    }


def overdue(days: int) -> str:
    """How late an invoice is, in words."""
    return say("1 day overdue") if days == 1 else say("{count} days overdue", count=days)


def facts(invoice: InvoiceOut) -> dict[str, str]:
    """The invoice as label and value."""

    def text(minor: int) -> str:
        return Money(minor, invoice.currency).text()

    return row(invoice) | {
        "payment_method": say(payment_method(invoice.payment_method)),
        "late": overdue(invoice.days_overdue) if invoice.days_overdue else "",
        "subtotal": text(invoice.subtotal),
        "tax": text(invoice.tax),
        "tax_name": f"SST {(invoice.tax_rate * 100).normalize():f}%",
        "total": text(invoice.total),
        "paid": text(-invoice.paid),
        "refunded": text(invoice.refunded) if invoice.refunded else "",
        "refunds_href": f"/rental/refunds?invoice_id={invoice.id}",
        "balance": text(invoice.balance),
        "to_pay": str(Money(invoice.balance, invoice.currency).decimal),
        "notes": invoice.notes,
        "void_reason": invoice.void_reason,
        "print": f"/v1/print/invoice/{invoice.id}",
        "order_href": f"/rental/delivery-orders?open={invoice.delivery_order_id}",
        "customer_href": f"/rental/customers?open={invoice.customer_id}",
    }


def steps(invoice: InvoiceOut) -> list[Step]:
    """Where the invoice stands; one paid at once was never partially paid."""
    drawn = lifecycle_steps(INVOICE_LIFECYCLE, invoice.status)
    partly = words(InvoiceStatus.PARTIALLY_PAID)
    return [step for step in drawn if step["label"] != partly or step["state"] == "current"]


def lines(invoice: InvoiceOut) -> list[dict[str, str]]:
    """What is charged."""
    return [
        {
            "id": str(line.position),
            "text": line.description,
            "quantity": f"{line.quantity.normalize():f} {line.unit}".strip(),
            "amount": Money(line.amount, invoice.currency).figures(),
        }
        for line in invoice.lines
    ]


def paid(invoice: InvoiceOut) -> list[dict[str, str]]:
    """What was paid."""
    return [
        {
            "id": str(payment.id),
            "receipt": payment.receipt_number,
            "receipt_href": f"/rental/payments?open={payment.id}",
            "reference": payment.reference,
            "when": moments.moment(payment.received_at),
            "method": say(payment_method(payment.method)),
            "amount": Money(payment.amount, payment.currency).figures(),
        }
        for payment in invoice.payments
    ]


class Invoices(RecordsMixin, rx.State):
    """Invoices with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    lines: list[dict[str, str]] = []
    payments: list[dict[str, str]] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(
            self, "customer_id", customers.find, lambda found: str(found.company_name)
        )

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(InvoiceFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        owed = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, owed.text())

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record, self.lines, self.payments = facts(found), lines(found), paid(found)
        self.steps, self.allowed = steps(found), list(STEPS.get(found.status, []))
        if found.paid > found.refunded:
            self.allowed.append("refund")

    @handler
    async def issue(self) -> Any:
        """Issue the open draft."""
        issued = await run(self, services.issue, as_id(self.open_id))
        return await self._done(say("{number} issued", number=issued.invoice_number))

    @handler
    async def begin_payment(self) -> Any:
        """Open the payment form with the whole balance."""
        self._begin({"amount": self.record.get("to_pay", ""), "method": "ONLINE"})
        return open_dialog("payment-sheet")

    @handler
    async def pay(self, form: dict[str, Any]) -> Any:
        """Record money on the open invoice."""
        received = await self._submit(payments.record, as_id(self.open_id), Draft(PaymentEntry, form))
        if received is None:
            return None
        return await self._done(
            say("Receipt {number} given", number=received.receipt_number), closes="payment-sheet"
        )

    @handler
    async def void(self, form: dict[str, Any]) -> Any:
        """Take the open invoice back with the typed reason."""
        entry = Draft(VoidEntry, {"reason": form.get("reason", "")})
        voided = await self._submit(_void, as_id(self.open_id), entry)
        if voided is None:
            return self._unsaid(closes="void-invoice")
        return await self._done(
            say("{number} voided", number=voided.invoice_number or say("Draft")), closes="void-invoice"
        )


def _void(session: Any, actor: Actor, invoice_id: UUID, entry: VoidEntry) -> Any:
    return services.void(session, actor, invoice_id, entry.reason)


@page("/rental/invoices", "Invoices", Permission.RENTAL_INVOICES_READ, on_load=Invoices.load)
def invoices() -> rx.Component:
    """Invoices with the record beside the list."""
    state = Invoices
    return rx.fragment(
        live_refresh(state.refresh, "invoice.", "payment.", "refund."),
        page_header("Invoices", tally(state, "invoice", "invoices", "to pay")),
        data_table(
            state,
            LIST,
            label="Invoices",
            nothing=empty(
                "No invoices yet",
                "Issue a delivery order and its draft invoice appears here, ready to be issued and paid.",
                button("Open delivery orders", kind="primary", href="/rental/delivery-orders"),
                glyph="receipt-text",
            ),
        ),
        record_panel(state, *_record(), label="Invoice"),
        *_forms(),
    )


def _forms() -> list[rx.Component]:
    state, record, f = Invoices, Invoices.record, Fields(Invoices, "payment")
    return [
        form_sheet(
            state,
            "payment-sheet",
            "Record payment",
            f.money("amount", "Amount", required=True, hint="Less than the balance is a part payment"),
            f.select("method", "Method", METHODS, required=True),
            f.text("reference", "Reference", hint="Bank reference, cheque number…"),
            on_submit=state.pay,
            submit="Record payment",
            subtitle=rx.fragment(
                record["number"], " · ", record["customer"], " · ", record["balance"], " to pay"
            ),
        ),
        confirm(
            "void-invoice",
            "Void this invoice?",
            "It no longer counts; the delivery order waits for another invoice.",
            action="Void the invoice",
            reason="Reason",
            on_confirm=state.void,
            attempt=state.attempt,
        ),
        refund_sheet(),
    ]


def _record() -> list[rx.Component]:
    state, record = Invoices, Invoices.record
    return [
        record_head("Invoice", record["number"], _more(record), on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(state.allowed, "issue", button("Issue invoice", kind="primary", on_click=state.issue)),
            step_if(
                state.allowed, "pay", button("Record payment", kind="primary", on_click=state.begin_payment)
            ),
            download_button("PDF", record["print"], target="_blank"),
            step_if(state.allowed, "refund", refund_button("INVOICE", record["id"])),
            step_if(state.allowed, "void", confirm_button("Void", "void-invoice", kind="danger")),
        ),
        tabs(
            "invoice-tabs",
            ("Summary", _summary(record)),
            ("Payments", _payments()),
            ("History", history(state.events)),
            counts={1: state.payments.length()},
        ),
    ]


def _more(record: Any) -> rx.Component:
    paper = {"glyph": "receipt", "download": True, "target": "_blank"}
    return more_menu(
        "invoice-more",
        menu_item("Print on A4", href=record["print"] + "?a4=true", **paper | {"glyph": "printer"}),
        menu_item("Print on 80 mm", href=record["print"] + "?a4=false", **paper),
    )


def _summary(record: Any) -> rx.Component:
    late = rx.cond(record["late"] != "", rx.fragment(" ", badge(record["late"], "bad")), rx.fragment())
    return stack(
        only_while(record["void_reason"] != "", notice("Voided", record["void_reason"], tone="bad")),
        only_while(
            record["refunded"] != "",
            notice(
                rx.fragment(record["refunded"], " was given back"),
                "The customer was charged and paid that much less; nothing is owed again.",
                action=link("Refunds", record["refunds_href"]),
            ),
        ),
        key_values(
            ("Customer", link(record["customer"], record["customer_href"])),
            ("Delivery order", link(record["order"], record["order_href"])),
            ("Issued", record["issued_on"]),
            ("Due", rx.fragment(record["due_on"], late)),
            ("Payment", record["payment_method"]),
        ),
        money_lines(
            Invoices.lines,
            ("Subtotal", record["subtotal"]),
            (record["tax_name"], record["tax"]),
            ("Total", record["total"]),
            ("Paid", record["paid"]),
            ("To pay", record["balance"]),
        ),
        only_while(record["notes"] != "", rx.el.p(record["notes"], class_name="muted pre-line")),
    )


def _payments() -> rx.Component:
    return rx.cond(
        Invoices.payments.length() > 0,
        simple_table(PAYMENTS, Invoices.payments, label="Payments"),
        empty("Nothing paid yet", "Money recorded here gets its receipt at once."),
    )
