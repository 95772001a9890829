"""A seller's orders: taken, sent, delivered; and what is owed for each once it is delivered."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.looks import (
    CURRENCIES,
    ORDER_STATUSES,
    ORDER_TONES,
    PAYMENT_TYPES,
    percent,
)
from lattis_app.marketplace.pages.standing import SellerStanding, standing
from lattis_app.marketplace.queries import orders as queries
from lattis_app.marketplace.queries import products
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.orders import OrderEntry, OrderFilters, OrderOut, StepEntry
from lattis_app.marketplace.schemas.products import ProductFilters
from lattis_app.marketplace.services import orders as services
from lattis_app.marketplace.statuses import ORDER_LIFECYCLE, OrderStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import (
    Step,
    lifecycle_steps,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash, reach

OFFERED_AT_MOST = 100
LIST = ListSpec(
    "seller-orders",
    (
        Column("number", "Order", note="buyer"),
        Column("product", "Product"),
        Column("made", "Taken", "date", priority=2),
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
STEPS = {
    "pending": ["ship", "deliver", "cancel"],
    "shipped": ["arrive", "return"],
}
SAID = {
    "shipped": "{number} is on its way",
    "delivered": "{number} is delivered",
    "returned": "{number} came back",
    "cancelled": "{number} is cancelled",
}


def row(order: OrderOut) -> dict[str, str]:
    """One line of the list."""
    return {
        "id": str(order.id),
        "number": order.order_number,
        "buyer": order.buyer_name,
        "product": dash(order.product_name),
        "made": moments.day(order.created_at, ZONE),
        "status": words(order.status),
        "status_tone": ORDER_TONES[order.status],
        "payment": say(dict(PAYMENT_TYPES)[order.payment_type]),
        "price": amount(order.price, order.currency),
    }


def facts(order: OrderOut) -> dict[str, str]:
    """The order as label and value; fees are known once it is delivered."""

    def fee(share: Any, minor: int | None) -> str:
        return "" if minor is None else f"{amount(minor, order.currency)} ({percent(share)})"

    owed = (order.platform_fee or 0) + (order.affiliate_fee or 0)
    return row(order) | {
        "buyer": dash(order.buyer_name),
        "phone": dash(order.buyer_phone),
        "phone_href": f"tel:{order.buyer_phone}" if order.buyer_phone else "",
        "address": dash(order.buyer_address),
        "affiliate": dash(order.affiliate),
        "delivered": moments.moment(order.delivered_at, ZONE),
        "platform_fee": fee(order.platform_fee_percent, order.platform_fee),
        "affiliate_fee": fee(order.affiliate_fee_percent, order.affiliate_fee) or "–",
        "owed": amount(owed, order.currency),
        "invoice": order.invoice_number or _no_invoice(order),
        "invoice_href": invoice_link(order.invoice_id) if order.invoice_id else "",
    }


def _no_invoice(order: OrderOut) -> str:
    if order.payment_type != "COD":
        return say("None: the buyer paid by card")
    if order.status != OrderStatus.DELIVERED:
        return say("None: not delivered")
    return say("With next Monday's invoice")


def on_offer(session: Any, actor: Actor) -> list[Option]:
    """The seller's own products that can be ordered."""
    found = products.mine(session, actor, ProductFilters(active=True), PageRequest(1, OFFERED_AT_MOST, ""))
    return [
        Option(value=str(each.id), label=f"{each.name} · {amount(each.price, each.currency)}", note="")
        for each in found.rows
    ]


class SellerOrders(RecordsMixin, rx.State):
    """The signed-in seller's orders with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    product_options: list[Option] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(OrderFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        self.record, self.steps = facts(found), lifecycle_steps(ORDER_LIFECYCLE, found.status)
        self.allowed = list(STEPS.get(found.status, []))

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

    @handler
    async def step(self, status: str) -> Any:
        """Take the open order to its next status."""
        moved = await run(self, services.step, as_id(self.open_id), parse(StepEntry, {"status": status}))
        return await self._done(say(SAID[moved.status], number=moved.order_number))


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
    parcel = {"glyph": "truck", "on_click": state.step("shipped")}
    return [
        record_head("Order", record["number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(state.allowed, "ship", button("Send it", kind="primary", **parcel)),
            step_if(state.allowed, "deliver", button("Delivered", on_click=state.step("delivered"))),
            step_if(
                state.allowed, "arrive", button("Delivered", kind="primary", on_click=state.step("delivered"))
            ),
            step_if(state.allowed, "return", button("Came back", on_click=state.step("returned"))),
            step_if(
                state.allowed, "cancel", button("Cancel", kind="danger", on_click=state.step("cancelled"))
            ),
        ),
        _summary(record),
    ]


def _summary(record: Any) -> rx.Component:
    invoice = rx.cond(
        record["invoice_href"] != "", link(record["invoice"], record["invoice_href"]), record["invoice"]
    )
    fees = section(
        "Fees, as frozen at delivery",
        key_values(
            ("Platform fee", money(record["platform_fee"])),
            ("Affiliate fee", money(record["affiliate_fee"])),
            ("Owed", money(record["owed"], strong=True)),
            figures=True,
        ),
    )
    return stack(
        key_values(
            ("Product", record["product"]),
            ("Price", money(record["price"], strong=True)),
            ("Payment", record["payment"]),
            ("Affiliate", record["affiliate"]),
            ("Taken", record["made"]),
            ("Delivered", record["delivered"]),
            ("Invoice", invoice),
        ),
        only_while(record["platform_fee"] != "", fees),
        section(
            "Buyer",
            key_values(
                ("Name", record["buyer"]),
                ("Phone", reach(record["phone"], record["phone_href"])),
                ("Address", rx.el.span(record["address"], class_name="pre-line")),
            ),
        ),
    )


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
