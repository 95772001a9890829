"""Delivery orders: the list, the record beside it, and every step the office may take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages import delivery_order_rows as rows
from lattis_app.rental.pages.delivery_order_forms import starting_values
from lattis_app.rental.pages.delivery_order_views import details_sheet, order_sheet, questions, record
from lattis_app.rental.pages.transfer_forms import TransferMixin, transfer_sheets
from lattis_app.rental.queries import bins, customers, delivery_orders, lorries
from lattis_app.rental.schemas.delivery_orders import (
    CancelEntry,
    DeliveryOrderChanges,
    DeliveryOrderEntry,
    DeliveryOrderFilters,
    ReminderEntry,
    StepEntry,
)
from lattis_app.rental.services import collection_reminders, fulfilments, invoices
from lattis_app.rental.services import delivery_orders as services
from lattis_app.rental.statuses import FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import ListSpec
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Corrections, Draft
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import ListRequest
from lattis_app.ui.lists import Listing, as_id, named
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import HistoryRow, PhotoRow, Step, record_panel
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally


class DeliveryOrders(RecordsMixin, TransferMixin, rx.State):
    """Delivery orders with the open one's tabs."""

    facts: dict[str, str] = {}
    details: list[dict[str, str]] = []
    steps: list[Step] = []
    road: list[Step] = []
    allowed: list[str] = []
    lines: list[dict[str, str]] = []
    photos: list[PhotoRow] = []
    papers: list[dict[str, str]] = []
    payments: list[dict[str, str]] = []
    reminders: list[dict[str, str]] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return rows.LIST

    async def _prepare(self) -> None:
        await self._offer()
        customer = await named(self, "customer_id", customers.find, lambda found: str(found.company_name))
        the_bin = await named(self, "bin_id", bins.find, lambda found: str(found.serial_number))
        lorry = await named(self, "lorry_id", lorries.find, lambda found: str(found.registration_no))
        self.filter_options = {"driver_id": self.driver_options} | customer | the_bin | lorry

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(DeliveryOrderFilters, {"q": request.q, **request.filters})
        wanted = PageRequest(request.page, request.limit, request.sort)
        found = await run(self, delivery_orders.page, filters, wanted)
        worth = await run(self, delivery_orders.summarise, filters)
        return Listing([rows.row(each) for each in found.rows], found.total, worth.text())

    async def _fetch_record(self, record_id: str) -> None:
        shown = await run(self, rows.read, as_id(record_id))
        self.facts, self.details, self.allowed = shown.facts, shown.details, shown.allowed
        self.steps, self.road = shown.steps, shown.road
        self.lines, self.photos, self.papers = shown.lines, shown.photos, shown.papers
        self.payments, self.reminders, self.events = shown.payments, shown.reminders, shown.events

    @handler
    async def begin(self) -> Any:
        """Open the form of a new order."""
        self.editing, self.line_count = "", 1
        self.customer_options, self.bin_options = [], []
        self._begin({"scheduled_at": "", "payment_method": "CASH"})
        return open_dialog("order-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the open draft, or what may still be corrected of an issued order."""
        values = await run(self, starting_values, as_id(self.open_id))
        self._begin(values)
        if not self.facts["is_draft"]:
            return open_dialog("details-sheet")
        self.editing = self.open_id
        self.line_count = max(1, sum(key.endswith(".description") for key in values))
        return open_dialog("order-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Make the order, or keep the changes of the draft."""
        as_draft = bool(form.pop("as_draft", ""))
        if self.editing:
            draft = await self._draft(DeliveryOrderChanges, form)
            saved = await self._submit(services.update, as_id(self.editing), draft)
        else:
            draft = await self._draft(DeliveryOrderEntry, form | ({"draft": "true"} if as_draft else {}))
            saved = await self._submit(services.create, draft)
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        return await self._done(
            say("{number} saved", number=saved.system_do_number or say("Draft")), closes="order-sheet"
        )

    @handler
    async def correct(self, form: dict[str, Any]) -> Any:
        """Keep what was corrected of an issued order."""
        changes = Corrections(DeliveryOrderChanges, form, dict(self.values))
        saved = await self._submit(services.update, as_id(self.open_id), changes)
        return None if saved is None else await self._done(say("Changes saved"), closes="details-sheet")

    @handler
    async def issue(self) -> Any:
        """Make the open draft official."""
        issued = await run(self, services.issue, as_id(self.open_id))
        return await self._done(say("{number} issued", number=issued.system_do_number))

    @handler
    async def invoice(self) -> Any:
        """Issue the invoice of the open order."""
        made = await run(self, invoices.make_from_order, as_id(self.open_id))
        return await self._done(say("{number} issued", number=made.invoice_number))

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Cancel the open order with the typed reason."""
        entry = Draft(CancelEntry, {"reason": form.get("reason", "")})
        cancelled = await self._submit(_cancel, as_id(self.open_id), entry)
        if cancelled is None:
            return self._unsaid(closes="cancel-order")
        return await self._done(say("{number} cancelled", number=self.facts["number"]), closes="cancel-order")

    @handler
    async def take_step(self, status: FulfilmentStatus) -> Any:
        """Take the driver's next step for them."""
        await run(self, fulfilments.step, as_id(self.open_id), StepEntry(status=status))
        return await self._done(f"{self.facts['number']}: {rows.ROAD[status][0].lower()}")

    @handler
    async def fail(self, form: dict[str, Any]) -> Any:
        """Note that the trip was in vain, with the typed reason."""
        entry = Draft(StepEntry, {"status": FulfilmentStatus.FAILED, "reason": form.get("reason", "")})
        if await self._submit(fulfilments.step, as_id(self.open_id), entry) is None:
            return self._unsaid(closes="fail-order")
        return await self._done(say("{number} failed", number=self.facts["number"]), closes="fail-order")

    @handler
    async def remind(self, form: dict[str, Any]) -> Any:
        """Ask to be reminded of collecting the bin."""
        at = moments.from_typed(str(form.get("scheduled_date", "")))
        entry = Draft(ReminderEntry, form | {"scheduled_date": at})
        made = await self._submit(collection_reminders.schedule, as_id(self.open_id), entry)
        return None if made is None else await self._done(say("Reminder set"), closes="remind-sheet")


def _cancel(session: Any, actor: Actor, delivery_order_id: UUID, entry: CancelEntry) -> Any:
    return services.cancel(session, actor, delivery_order_id, entry.reason)


@page(
    "/rental/delivery-orders",
    "Delivery orders",
    Permission.RENTAL_DELIVERY_ORDERS_MANAGE,
    on_load=DeliveryOrders.load,
)
def delivery_order_list() -> rx.Component:
    """The list, the record beside it, and its forms."""
    state = DeliveryOrders
    new = button("New order", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header(
            "Delivery orders",
            tally(state, "order", "orders"),
            new,
        ),
        data_table(
            state,
            rows.LIST,
            label="Delivery orders",
            nothing=empty(
                "No delivery orders yet",
                "A delivery order sends a bin to a customer. Make one from an assigned booking, or here.",
                button("New order", kind="primary", on_click=state.begin),
                glyph="clipboard-list",
            ),
        ),
        record_panel(state, *record(state), label="Delivery order"),
        order_sheet(state),
        details_sheet(state),
        *questions(state),
        *transfer_sheets(state),
        live_refresh(state.refresh, "do.", "invoice.", "payment."),
    )
