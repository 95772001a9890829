"""Charges beyond orders' own amounts: the queue of what waits, and what became of the rest."""

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
from lattis_app.rental.queries import charges as queries
from lattis_app.rental.queries import customers
from lattis_app.rental.schemas.charges import BillingEntry, ChargeFilters, ChargeOut, WaiverEntry
from lattis_app.rental.services import charges as services
from lattis_app.rental.statuses import CHARGE_LIFECYCLE, ChargeKind, ChargeStatus
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import confirm, confirm_button
from lattis_app.ui.form_state import Draft
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.money import money
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
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import BulkAction, data_table, tally

MANAGE = Permission.RENTAL_INVOICES_MANAGE
TONES = {"unbilled": "warn", "billed": "ok", "waived": "neutral"}
STATUSES = tuple((str(status), words(status)) for status in ChargeStatus)
KINDS = tuple((str(kind), words(kind)) for kind in ChargeKind)
LIST = ListSpec(
    "charges",
    (
        Column("order", "Delivery order", note="customer"),
        Column("what", "What for", note="quantity", wraps=True),
        Column("made", "Since", "date", sortable=False, priority=3),
        Column("status", "Status", "badge", sortable=True, priority=2),
        Column("amount", "Amount (RM)", "money", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("kind", "What for", options=KINDS, several=True),
        Filter("customer_id", "Customer"),
    ),
    views=(
        ("Billed", "status=billed"),
        ("Waived", "status=waived"),
        ("All", "status=unbilled,billed,waived"),
    ),
    search="Order number or customer",
    export="/v1/charges",
)
WAITING = {"status": str(ChargeStatus.UNBILLED)}
"""What the page shows when no status is chosen: it is a queue."""
read = with_history(queries.find, "rental_charges")


def row(charge: ChargeOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    price = Money(charge.price, charge.currency).text()
    on_order = charge.status is ChargeStatus.BILLED and charge.invoice_id is None
    return {
        "id": str(charge.id),
        "order": charge.system_do_number or "",
        "order_href": f"/rental/delivery-orders?open={charge.delivery_order_id}",
        "customer": charge.customer_name,
        "customer_href": f"/rental/customers?open={charge.customer_id}",
        "what": charge.description,
        "quantity": f"{charge.quantity.normalize():f} {charge.unit} × {price}",
        "made": moments.day(charge.created_at),
        "status": words(charge.status),
        "status_tone": TONES[charge.status],
        "amount": Money(charge.amount, charge.currency).figures(),
        "amount_text": Money(charge.amount, charge.currency).text(),
        "waits": "true" if charge.status is ChargeStatus.UNBILLED else "",
        "on_order": "true" if on_order else "",
        "invoice": (charge.invoice_number or say("Draft")) if charge.invoice_id else "",
        "invoice_href": f"/rental/invoices?open={charge.invoice_id}",
        "billed_on": moments.day(charge.billed_at),
        "waive_reason": charge.waive_reason,
    }


def _bill(session: Any, actor: Actor, entry: BillingEntry) -> Any:
    return services.bill(session, actor, entry.charge_ids)


def _waive(session: Any, actor: Actor, charge_id: UUID, entry: WaiverEntry) -> Any:
    return services.waive(session, actor, charge_id, entry.reason)


class Charges(RecordsMixin, rx.State):
    """Charges with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(
            self, "customer_id", customers.find, lambda found: str(found.company_name)
        )

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ChargeFilters, {"q": request.q} | WAITING | dict(request.filters))
        found = await run(self, queries.page, filters, wanted(request))
        waiting = await run(self, queries.unbilled, filters)
        return Listing(display(found, row), found.total, Money(waiting.total, waiting.currency).text())

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record, self.steps = row(found), lifecycle_steps(CHARGE_LIFECYCLE, found.status)

    @handler
    async def bill(self) -> Any:
        """Put the open charge on its order's next invoice."""
        return await self._bill([self.open_id])

    @handler
    async def bill_selected(self) -> Any:
        """Put the selected charges on their orders' next invoices."""
        return await self._bill(list(self.selected))

    async def _bill(self, charge_ids: list[str]) -> Any:
        billed = await run(self, _bill, parse(BillingEntry, {"charge_ids": charge_ids}))
        self.selected = []
        await self._again()
        total = Money(sum(charge.amount_minor for charge in billed))
        if len(billed) == 1:
            return toasts.done(say("{amount} put on the next invoice", amount=total.text()))
        said = say(
            "{count} charges, {amount}, put on the next invoices", count=len(billed), amount=total.text()
        )
        return toasts.done(said)

    @handler
    async def waive(self, form: dict[str, Any]) -> Any:
        """Let the open charge go with the typed reason."""
        entry = Draft(WaiverEntry, {"reason": form.get("reason", "")})
        if await self._submit(_waive, as_id(self.open_id), entry) is None:
            return self._unsaid(closes="waive-charge")
        return await self._done(say("Charge waived"), closes="waive-charge")


@page("/rental/charges", "Unbilled charges", Permission.RENTAL_INVOICES_READ, on_load=Charges.load)
def charges() -> rx.Component:
    """The queue with the record beside the list."""
    state = Charges
    return rx.fragment(
        live_refresh(state.refresh, "do.", "invoice."),
        page_header("Unbilled charges", tally(state, "charge", "charges", "to bill")),
        data_table(
            state,
            LIST,
            label="Charges",
            nothing=empty(
                "Nothing waits to be billed",
                "Weight and days beyond what an order's price card includes, and trips in vain after the invoice, "
                "wait here for one click.",
                button("Open price cards", kind="primary", href="/rental/price-cards"),
                glyph="weight",
            ),
            bulk=(BulkAction("Add to next invoice", state.bill_selected, "receipt-text"),),
        ),
        record_panel(state, *_record(), label="Charge"),
        confirm(
            "waive-charge",
            "Waive this charge?",
            "The customer is not charged for it, and it leaves the queue for good.",
            action="Waive the charge",
            reason="Reason",
            on_confirm=state.waive,
            attempt=state.attempt,
        ),
    )


def _record() -> list[rx.Component]:
    state, record = Charges, Charges.record
    steps = rx.fragment(
        button("Add to next invoice", kind="primary", on_click=state.bill),
        confirm_button("Waive", "waive-charge", kind="danger"),
    )
    invoice = rx.cond(
        record["invoice"] != "",
        link(record["invoice"], record["invoice_href"]),
        rx.cond(record["on_order"] != "", "A line of the order's own invoice", "–"),
    )
    return [
        record_head("Charge", record["what"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(only_while(record["waits"] != "", if_may(MANAGE, steps))),
        tabs(
            "charge-tabs",
            (
                "Summary",
                stack(
                    only_while(
                        record["waive_reason"] != "", notice("Waived", record["waive_reason"], tone="warn")
                    ),
                    key_values(
                        ("Amount", money(record["amount_text"], strong=True)),
                        ("Reckoned", record["quantity"]),
                        ("Delivery order", link(record["order"], record["order_href"])),
                        ("Customer", link(record["customer"], record["customer_href"])),
                        ("Since", record["made"]),
                        ("Invoice", invoice),
                        ("Billed on", record["billed_on"]),
                    ),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]
