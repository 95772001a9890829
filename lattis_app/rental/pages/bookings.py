"""Bookings: the list, the record beside it, and every step from taking one to its delivery order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages import booking_forms as forms
from lattis_app.rental.pages import booking_rows as rows
from lattis_app.rental.pages.assignment_forms import AssignmentMixin
from lattis_app.rental.pages.booking_views import page_parts
from lattis_app.rental.pages.delivery_order_forms import customers_like
from lattis_app.rental.pages.price_suggestions import for_booking, suggestion
from lattis_app.rental.queries import bookings as queries
from lattis_app.rental.queries import customers
from lattis_app.rental.schemas.bookings import BookingCancelEntry, BookingEntry, BookingFilters
from lattis_app.rental.services import bookings as services
from lattis_app.rental.services import delivery_orders
from lattis_app.rental.statuses import BOOKING_LIFECYCLE
from lattis_app.ui import toasts
from lattis_app.ui.columns import ListSpec
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.list_requests import ListRequest, Option
from lattis_app.ui.lists import Listing, address, as_id, display, named, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import HistoryRow, Step, lifecycle_steps


class Bookings(RecordsMixin, AssignmentMixin, rx.State):
    """Bookings with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    events: list[HistoryRow] = []
    editing: str = ""
    customer_options: list[Option] = []
    size_options: list[Option] = []
    bin_options: list[Option] = []
    waste_options: list[Option] = []

    def _spec(self) -> ListSpec:
        return rows.LIST

    async def _prepare(self) -> None:
        chosen = await named(self, "customer_id", customers.find, lambda each: str(each.company_name))
        self.filter_options = chosen

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(BookingFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, rows.row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, rows.read, as_id(record_id))
        self.record, self.allowed = rows.facts(found), rows.allowed(found)
        self.steps = lifecycle_steps(BOOKING_LIFECYCLE, found.status)

    async def _assigned(self) -> None:
        await self._again()

    @handler
    async def find_customers(self, text: str) -> None:
        """Offer customers while their name is typed."""
        self.customer_options = await run(self, customers_like, text)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new booking."""
        return await self._begin_new({})

    @handler
    async def begin_if_asked(self) -> Any:
        """Open the form of a new booking when the address asks for it, and forget that it did."""
        asked = dict(self.router.url.query_parameters)
        if not asked.get("new"):
            return None
        values = await run(self, forms.asked_values, asked)
        opened = await self._begin_new(values)
        return [address(self._request(), replace_entry=True), opened]

    async def _begin_new(self, values: dict[str, str]) -> Any:
        self.editing = ""
        self.size_options, start = await run(self, forms.offered)
        self.customer_options = await run(self, customers_like, "")
        self._begin(start | values)
        return open_dialog("booking-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the open booking."""
        self.size_options, values = await run(self, forms.known_values, as_id(self.open_id))
        self.editing = self.open_id
        self._begin(values)
        return open_dialog("booking-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Take the booking, or keep the changes of a known one."""
        if self.editing:
            changes = forms.booking_draft(form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, forms.BookingDraft(BookingEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        return await self._done(say("{number} saved", number=saved.number), closes="booking-sheet")

    @handler
    async def confirm_booking(self) -> Any:
        """Accept the open booking."""
        booking = await run(self, services.confirm, as_id(self.open_id))
        return await self._done(say("{number} confirmed", number=booking.number))

    @handler
    async def confirm_selected(self) -> Any:
        """Accept the selected bookings; those that can't be are named."""
        confirmed, refused = 0, []
        for booking_id in list(self.selected):
            try:
                await run(self, services.confirm, as_id(booking_id))
                confirmed += 1
            except DomainError as refusal:
                refused.append(refusal.message)
        self.selected = []
        told = say("{count} confirmed", count=confirmed)
        done = await self._done(told) if confirmed else []
        return [*done, toasts.refused(refused[0])] if refused else done

    @handler
    async def begin_order(self) -> Any:
        """Offer the free bins for the delivery order of the open booking."""
        offer = await run(self, forms.order_offer, as_id(self.open_id))
        self.bin_options, self.waste_options, values = offer
        self._begin(values)
        return open_dialog("booking-order-sheet")

    @handler
    async def suggest_price(self, waste_item_id: str) -> Any:
        """Suggest the price of the card for the open booking's size and the chosen kind of waste."""
        return suggestion(await run(self, for_booking, self.open_id, waste_item_id))

    @handler
    async def make_order(self, form: dict[str, Any]) -> Any:
        """Make and issue the delivery order of the open booking."""
        booking = await run(self, queries.find, as_id(self.open_id))
        made = await self._submit(delivery_orders.create, forms.order_draft(booking, form))
        if made is None:
            return None
        return await self._done(
            say("{number} issued", number=made.system_do_number), closes="booking-order-sheet"
        )

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Call the open booking off with the typed reason."""
        entry = Draft(BookingCancelEntry, {"reason": form.get("reason", "")})
        booking = await self._submit(_cancel, as_id(self.open_id), entry)
        if booking is None:
            return self._unsaid(closes="cancel-booking")
        return await self._done(say("{number} cancelled", number=booking.number), closes="cancel-booking")


def _cancel(session: Any, actor: Actor, booking_id: UUID, entry: BookingCancelEntry) -> Any:
    return services.cancel(session, actor, booking_id, entry.reason)


@page(
    "/rental/bookings",
    "Bookings",
    Permission.RENTAL_BOOKINGS_MANAGE,
    on_load=[Bookings.load, Bookings.begin_if_asked],
)
def bookings() -> rx.Component:
    """Bookings with the record beside the list."""
    return page_parts(Bookings)
