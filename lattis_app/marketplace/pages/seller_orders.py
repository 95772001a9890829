"""A seller's orders: taken, sent, delivered; and what is owed for each once it is delivered."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.looks import (
    CURRENCIES,
    ORDER_STATUSES,
    PAYMENT_TYPES,
)
from lattis_app.marketplace.pages.order_rows import facts
from lattis_app.marketplace.pages.order_views import OrdersMixin, order_steps, order_summary
from lattis_app.marketplace.pages.standing import SellerStanding, standing
from lattis_app.marketplace.queries import orders as queries
from lattis_app.marketplace.queries import products
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.schemas.orders import OrderEntry
from lattis_app.marketplace.schemas.products import ProductFilters
from lattis_app.marketplace.services import orders as services
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Filter, Option
from lattis_app.ui.lists import as_id
from lattis_app.ui.pages import page
from lattis_app.ui.records import (
    lifecycle_strip,
    record_head,
    record_panel,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

OFFERED_AT_MOST = 100
LIST = ListSpec(
    "seller-orders",
    (
        Column("number", "Order", note="buyer"),
        Column("product", "Product"),
        Column("created_at", "Taken", "date", sortable=True, priority=2),
        Column("status", "Status", "badge"),
        Column("payment", "Payment", priority=3),
        Column("price", "Price", "money"),
    ),
    filters=(
        Filter("status", "Status", options=ORDER_STATUSES, several=True),
        Filter("paymentType", "Payment", options=PAYMENT_TYPES),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("To be sent", "status=pending"), ("On their way", "status=shipped")),
    search="Order number",
    export="/api/orders",
)


def on_offer(session: Any, actor: Actor) -> list[Option]:
    """The seller's own products that can be ordered."""
    found = products.mine(session, actor, ProductFilters(active=True), PageRequest(1, OFFERED_AT_MOST, ""))
    return [
        Option(value=str(each.id), label=f"{each.name} · {amount(each.price, each.currency)}", note="")
        for each in found.rows
    ]


class SellerOrders(OrdersMixin, rx.State):
    """The signed-in seller's orders with the open one."""

    product_options: list[Option] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        self._show_order(found, facts(found, invoice_link(found.invoice_id) if found.invoice_id else ""))

    @handler
    async def begin(self) -> Any:
        """Open the form of a new order."""
        self.product_options = await run(self, on_offer)
        self._begin({"currency": "MKD", "paymentType": "COD"})
        return open_dialog("order-sheet")

    @handler
    async def create(self, form: dict[str, Any]) -> Any:
        """Take a buyer's order."""
        made = await self._submit(services.create, Draft(OrderEntry, form))
        if made is None:
            return SellerStanding.load
        self.open_id = str(made.id)
        return await self._done(say("Order {number} taken", number=made.order_number), closes="order-sheet")


@page(
    "/seller/orders",
    "My orders",
    Permission.MARKETPLACE_OWN_ORDERS_MANAGE,
    on_load=[SellerOrders.load, SellerStanding.load],
)
def seller_orders() -> rx.Component:
    """A seller's orders with the record beside the list."""
    state, stopped = SellerOrders, SellerStanding.restricted
    new = {"kind": "primary", "on_click": state.begin, "disabled": stopped}
    return rx.fragment(
        live_refresh(state.refresh, "seller_order."),
        page_header("Orders", counted(state, "order", "orders"), button("New order", glyph="plus", **new)),
        standing(),
        data_table(
            state,
            LIST,
            label="Orders",
            nothing=empty(
                "No orders yet",
                "Take a buyer's order here. Once a cash order is delivered, its fees stand on the next "
                "Monday's invoice.",
                button("New order", **new),
                glyph="shopping-bag",
            ),
        ),
        record_panel(state, *_record(), label="Order"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = SellerOrders, SellerOrders.record
    return [
        record_head("Order", record["number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        order_steps(state),
        order_summary(record),
    ]


def _form() -> rx.Component:
    state, f = SellerOrders, Fields(SellerOrders, "order")
    return form_sheet(
        state,
        "order-sheet",
        "New order",
        f.select("productId", "Product", state.product_options, empty="Something else, named below"),
        section(
            "Something else",
            f.text("productName", "What", hint="Only when the product is not in the list"),
            side_by_side(
                f.money("price", "Price", currency="", hint="Empty: the product's own price"),
                f.segmented("currency", "Currency", CURRENCIES),
            ),
        ),
        side_by_side(
            f.segmented("paymentType", "Payment", PAYMENT_TYPES),
            f.text("affiliate", "Affiliate", hint="Who sent the buyer, if anybody"),
        ),
        section(
            "Buyer",
            side_by_side(f.text("buyerName", "Name"), f.text("buyerPhone", "Phone", type="tel")),
            f.textarea("buyerAddress", "Address"),
        ),
        on_submit=state.create,
        submit="Take the order",
    )
