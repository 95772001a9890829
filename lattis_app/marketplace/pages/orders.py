"""Orders of all sellers: what was ordered, how far it is, and which invoice it stands on."""

from __future__ import annotations

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.looks import ORDER_STATUSES, PAYMENT_TYPES
from lattis_app.marketplace.pages.order_rows import facts
from lattis_app.marketplace.pages.order_views import OrdersMixin, order_steps, order_summary
from lattis_app.marketplace.queries import invoices, sellers
from lattis_app.marketplace.queries import orders as queries
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.lists import as_id, named
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, lifecycle_strip, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

LIST = ListSpec(
    "marketplace-orders",
    (
        Column("number", "Order", note="buyer"),
        Column("store", "Seller", note="product"),
        Column("created_at", "Taken", "date", sortable=True, priority=3),
        Column("delivered_on", "Delivered", "date", priority=2),
        Column("status", "Status", "badge"),
        Column("payment", "Payment", hidden_by_default=True),
        Column("invoice", "Invoice", priority=2),
        Column("price", "Price", "money"),
    ),
    filters=(
        Filter("status", "Status", options=ORDER_STATUSES, several=True),
        Filter("paymentType", "Payment", options=PAYMENT_TYPES),
        Filter("sellerPaid", "Fees paid", options=(("true", "Yes"), ("false", "No"))),
        Filter("sellerId", "Seller"),
        Filter("invoiceId", "Invoice"),
        Filter("from", "Taken from", "date"),
        Filter("to", "Taken to", "date"),
    ),
    views=(
        ("To be sent", "status=pending"),
        ("Fees not paid", "status=delivered&paymentType=COD&sellerPaid=false"),
    ),
    search="Order number, store or seller",
    export="/api/orders",
)
LABELS = {"price_minor": "Price", "invoice_id": "Invoice", "seller_paid": "Fees paid"}
read = with_history(queries.find, "marketplace_orders", LABELS)


class SellersOrders(OrdersMixin, rx.State):
    """Orders of all sellers with the open one."""

    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = {
            **await named(self, "sellerId", sellers.find, lambda found: str(found.store_name)),
            **await named(self, "invoiceId", invoices.find, lambda found: str(found.invoice_number)),
        }

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self._show_order(found, facts(found, f"/marketplace/invoices?open={found.invoice_id}"))


@page(
    "/marketplace/orders",
    "Sellers' orders",
    Permission.MARKETPLACE_ORDERS_READ,
    on_load=SellersOrders.load,
)
def orders() -> rx.Component:
    """Orders of all sellers with the record beside the list."""
    state = SellersOrders
    return rx.fragment(
        live_refresh(state.refresh, "seller_order."),
        page_header("Sellers' orders", counted(state, "order", "orders")),
        data_table(
            state,
            LIST,
            label="Sellers' orders",
            nothing=empty(
                "No orders yet",
                "Sellers take the orders of their buyers. What is paid in cash and delivered is billed the "
                "next Monday.",
                button("Look at the sellers", href="/marketplace/sellers"),
                glyph="shopping-bag",
            ),
        ),
        record_panel(state, *_record(), label="Order"),
    )


def _record() -> list[rx.Component]:
    state, record = SellersOrders, SellersOrders.record
    seller = ("Seller", link(record["store"], record["seller_href"]))
    return [
        record_head(
            "Order",
            record["number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        if_may(Permission.MARKETPLACE_ORDERS_MANAGE, order_steps(state)),
        tabs(
            "order-tabs",
            ("Summary", order_summary(record, seller)),
            ("History", history(state.events)),
        ),
    ]
