"""Payments: the list, and the record with its receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import history as history_of
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.refund_forms import refund_button, refund_sheet
from lattis_app.rental.queries import customers, delivery_orders, drivers, invoices
from lattis_app.rental.queries import payments as queries
from lattis_app.rental.schemas.invoices import PaymentFilters, PaymentOut
from lattis_app.rental.statuses import PaymentMethod
from lattis_app.ui import moments
from lattis_app.ui.buttons import button, download_button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally
from lattis_app.ui.values import dash

METHODS = tuple((str(method), payment_method(method)) for method in PaymentMethod)
LIST = ListSpec(
    "payments",
    (
        Column("receipt_number", "Receipt", sortable=True),
        Column("customer", "Customer"),
        Column("received_at", "Received", "date", sortable=True),
        Column("method", "Method", priority=2, note="reference"),
        Column("by", "By", priority=3),
        Column("amount", "Amount (RM)", "money", sortable=True),
    ),
    filters=(
        Filter("method", "Method", options=METHODS, several=True),
        Filter("customer_id", "Customer"),
        Filter("driver_id", "Driver"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("Cash", "method=CASH"), ("Into the bank", "method=ONLINE,CDM,CHEQUE")),
    search="Receipt number or customer",
    export="/v1/payments",
)


def read(session: Any, actor: Actor, payment_id: UUID) -> tuple[dict[str, str], list[HistoryRow]]:
    """A payment with the numbers of what it paid, and its history. Raises NotFound."""
    payment = queries.find(session, actor, payment_id)
    record = row(payment) | {"invoice": "", "order": ""}
    if payment.invoice_id:
        record["invoice"] = invoices.find(session, actor, payment.invoice_id).invoice_number or ""
    if payment.delivery_order_id:
        found = delivery_orders.find(session, actor, payment.delivery_order_id)
        record["order"] = found.system_do_number or ""
    return record, history_of(session, actor, "rental_payments", payment_id)


def row(payment: PaymentOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    amount, driven = Money(payment.amount, payment.currency), payment.driver_id is not None
    return {
        "id": str(payment.id),
        "receipt_number": payment.receipt_number,
        "reference": payment.reference,
        "customer": payment.customer_name,
        "received_at": moments.moment(payment.received_at),
        "method": say(payment_method(payment.method)),
        "by": dash(payment.driver_name or payment.received_by),
        "amount": amount.figures(),
        "amount_text": amount.text(),
        "refunded": Money(payment.refunded, payment.currency).text() if payment.refunded else "",
        "left": "true" if payment.amount > payment.refunded else "",
        "target": "INVOICE" if payment.invoice_id else "DO",
        "target_id": str(payment.invoice_id or payment.delivery_order_id),
        "where": say("On site, by {driver}", driver=payment.driver_name) if driven else say("In the office"),
        "invoice_href": f"/rental/invoices?open={payment.invoice_id}" if payment.invoice_id else "",
        "order_href": f"/rental/delivery-orders?open={payment.delivery_order_id}",
        "customer_href": f"/rental/customers?open={payment.customer_id}",
        "print": f"/v1/print/receipt/{payment.id}",
    }


class Payments(RecordsMixin, rx.State):
    """Payments with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        customer = await named(self, "customer_id", customers.find, lambda found: str(found.company_name))
        self.filter_options = customer | await named(
            self, "driver_id", drivers.find, lambda found: str(found.name)
        )

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(PaymentFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        received = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, received.text())

    async def _fetch_record(self, record_id: str) -> None:
        self.record, self.events = await run(self, read, as_id(record_id))


@page("/rental/payments", "Payments", Permission.RENTAL_PAYMENTS_READ, on_load=Payments.load)
def payments() -> rx.Component:
    """Payments with the record beside the list."""
    state = Payments
    return rx.fragment(
        live_refresh(state.refresh, "payment.", "refund."),
        page_header("Payments", tally(state, "payment", "payments", "received")),
        data_table(
            state,
            LIST,
            label="Payments",
            nothing=empty(
                "No payments yet",
                "Money recorded on an invoice, or taken by a driver on site, appears here with its receipt.",
                button("Open invoices", kind="primary", href="/rental/invoices"),
                glyph="banknote",
            ),
        ),
        _record(),
        refund_sheet(),
    )


def _record() -> rx.Component:
    state, record = Payments, Payments.record
    return record_panel(
        state,
        record_head("Receipt", record["receipt_number"], on_close=state.close_record),
        next_steps(
            download_button(
                "Receipt, 80 mm", record["print"] + "?a4=false", glyph="receipt", target="_blank"
            ),
            download_button("Receipt, A4", record["print"] + "?a4=true", glyph="printer", target="_blank"),
            only_while(record["left"] != "", refund_button(record["target"], record["target_id"])),
        ),
        tabs(
            "payment-tabs",
            (
                "Summary",
                key_values(
                    ("Amount", rx.el.b(record["amount_text"], class_name="num")),
                    ("Given back", rx.cond(record["refunded"] != "", money(record["refunded"]), "–")),
                    ("Customer", link(record["customer"], record["customer_href"])),
                    ("Method", record["method"]),
                    ("Received", record["received_at"]),
                    ("Where", record["where"]),
                    ("By", record["by"]),
                    ("Reference", rx.cond(record["reference"] != "", record["reference"], "–")),
                    (
                        "Invoice",
                        rx.cond(
                            record["invoice"] != "",
                            link(record["invoice"], record["invoice_href"]),
                            "Not issued yet; the money is applied to it when it is",
                        ),
                    ),
                    ("Delivery order", link(record["order"], record["order_href"])),
                ),
            ),
            ("History", history(state.events)),
        ),
        label="Payment",
    )
