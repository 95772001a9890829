"""The list of orders with the open one and its steps, the same for the seller and for the administrator."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.marketplace.pages.order_rows import row
from lattis_app.marketplace.queries import orders as queries
from lattis_app.marketplace.schemas.orders import OrderFilters, OrderOut, StepEntry
from lattis_app.marketplace.services import orders as services
from lattis_app.marketplace.statuses import ORDER_LIFECYCLE
from lattis_app.ui.buttons import button, link
from lattis_app.ui.conditions import only_while
from lattis_app.ui.forms import section
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, stack
from lattis_app.ui.list_requests import ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.money import money
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import Step, lifecycle_steps, next_steps, step_if
from lattis_app.ui.values import reach

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


class OrdersMixin(RecordsMixin, mixin=True):
    """Orders that the signed-in person may see, with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(OrderFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    def _show_order(self, order: OrderOut, shown: dict[str, str]) -> None:
        """Show an order as these facts, with the steps that are allowed now."""
        self.record, self.steps = shown, lifecycle_steps(ORDER_LIFECYCLE, order.status)
        self.allowed = list(STEPS.get(order.status, []))

    @handler
    async def step(self, status: str) -> Any:
        """Take the open order to its next status."""
        moved = await run(self, services.step, as_id(self.open_id), parse(StepEntry, {"status": status}))
        return await self._done(say(SAID[moved.status], number=moved.order_number))


def order_steps(state: Any) -> rx.Component:
    """The next steps of the open order."""
    delivered = {"on_click": state.step("delivered")}
    send = button("Send it", kind="primary", glyph="truck", on_click=state.step("shipped"))
    return next_steps(
        step_if(state.allowed, "ship", send),
        step_if(state.allowed, "deliver", button("Delivered", **delivered)),
        step_if(state.allowed, "arrive", button("Delivered", kind="primary", **delivered)),
        step_if(state.allowed, "return", button("Came back", on_click=state.step("returned"))),
        step_if(state.allowed, "cancel", button("Cancel", kind="danger", on_click=state.step("cancelled"))),
    )


def order_summary(record: Any, *more: tuple[str, Any]) -> rx.Component:
    """What was ordered, what is owed for it, and for whom it is; `more` comes first."""
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
            *more,
            ("Product", record["product"]),
            ("Price", money(record["price"], strong=True)),
            ("Payment", record["payment"]),
            ("Affiliate", record["affiliate"]),
            ("Taken", record["created_at"]),
            ("Delivered", record["delivered"]),
            ("Invoice", invoice),
            ("Fees paid", rx.cond(record["settled"] != "", record["settled"], "–")),
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
