"""Payments: the list, and the record with its receipt."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.records import dash, display, wanted, with_history
from lattis_app.rental.queries import payments as queries
from lattis_app.rental.schemas.invoices import PaymentFilters, PaymentOut
from lattis_app.rental.statuses import PaymentMethod
from lattis_app.ui import moments
from lattis_app.ui.buttons import download_button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table

METHODS = tuple((str(method), payment_method(method)) for method in PaymentMethod)
LIST = ListSpec(
    "payments",
    (
        Column("receipt_number", "Receipt", sortable=True, note="reference"),
        Column("customer", "Customer"),
        Column("received_at", "Received", "date", sortable=True),
        Column("method", "Method", priority=2),
        Column("by", "By", priority=3),
        Column("amount", "Amount (RM)", "money", sortable=True),
    ),
    filters=(
        Filter("method", "Method", options=METHODS),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("Cash", "method=CASH"),),
    search="Receipt number or customer",
    export="/v1/payments",
)
read = with_history(queries.find, "rental_payments")


def row(payment: PaymentOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    amount = Money(payment.amount, payment.currency)
    return {
        "id": str(payment.id),
        "receipt_number": payment.receipt_number,
        "reference": payment.reference,
        "customer": payment.customer_name,
        "received_at": moments.moment(payment.received_at),
        "method": payment_method(payment.method),
        "by": dash(payment.received_by),
        "amount": amount.figures(),
        "amount_text": amount.text(),
        "where": "On site by the driver" if payment.driver_id else "In the office",
        "invoice_href": f"/rental/invoices?open={payment.invoice_id}" if payment.invoice_id else "",
        "order_href": f"/rental/delivery-orders?open={payment.delivery_order_id}",
        "print": f"/v1/print/receipt/{payment.id}",
    }


class Payments(ListMixin, rx.State):
    """Payments with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(PaymentFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, UUID(record_id))
        self.record = row(found)

    @handler
    async def refresh(self) -> None:
        """Show the list and the open record with fresh data."""
        if self.loaded:
            await self._again()


@page("/rental/payments", "Payments", Permission.RENTAL_PAYMENTS_READ, on_load=Payments.load)
def payments() -> rx.Component:
    """Payments with the record beside the list."""
    state = Payments
    return rx.fragment(
        live_refresh(state.refresh, "payment."),
        page_header("Payments", rx.el.span(state.total, " match", class_name="num")),
        data_table(
            state,
            LIST,
            label="Payments",
            nothing=empty(
                "No payments here", "Money recorded on an invoice or taken by a driver appears here."
            ),
        ),
        _record(),
    )


def _record() -> rx.Component:
    state, record = Payments, Payments.record
    return record_panel(
        state,
        record_head("Receipt", record["receipt_number"], on_close=state.close_record),
        next_steps(download_button("Receipt", record["print"])),
        tabs(
            "payment-tabs",
            (
                "Summary",
                key_values(
                    ("Amount", rx.el.b(record["amount_text"], class_name="num")),
                    ("Customer", record["customer"]),
                    ("Method", record["method"]),
                    ("Received", record["received_at"]),
                    ("Where", record["where"]),
                    ("By", record["by"]),
                    ("Reference", record["reference"]),
                    (
                        "Invoice",
                        rx.cond(
                            record["invoice_href"], link("Open", record["invoice_href"]), "Not issued yet"
                        ),
                    ),
                    ("Delivery order", link("Open", record["order_href"])),
                ),
            ),
            ("History", history(state.events)),
        ),
        label="Payment",
    )
