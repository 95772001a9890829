"""What people type about a booking and the order made from it, and what the forms offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.errors import DomainError
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import Entry
from lattis_app.rental.pages.delivery_order_forms import bin_option
from lattis_app.rental.pages.offers import waste_options
from lattis_app.rental.queries import availability, bins, bookings, business, customers
from lattis_app.rental.schemas.bins import BinFilters
from lattis_app.rental.schemas.bookings import BookingChanges, BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderEntry
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import BinStatus, PaymentMethod
from lattis_app.ui import moments
from lattis_app.ui.form_state import Draft, nested
from lattis_app.ui.list_requests import Option

SIZE = "requested_bin_size"
CLEARED = ("area", "state", "site_address", "notes")
ORDERED = ("inventory_bin_id", "amount", "payment_method", "po_number", "introducer_name", "notes")
MORNING = time(9)
EVERY_FREE_BIN = PageRequest(limit=100)


def size_value(size: BinSize) -> str:
    """A size as a field holds it: `4x12x6`."""
    return "x".join(f"{part.normalize():f}" for part in (size.h_ft, size.l_ft, size.w_ft))


def size_from(value: str) -> Any:
    """What a size field holds, as the schema wants it."""
    parts = value.split("x")
    return dict(zip(("h_ft", "l_ft", "w_ft"), parts, strict=True)) if len(parts) == 3 else value


@dataclass(frozen=True)
class BookingDraft(Draft):
    """A booking's form: one field for the size, and a time in the business's zone."""

    def parse(self) -> Entry:
        """The typed input; raises pydantic's ValidationError."""
        return self.schema.model_validate(self.tree())  # type: ignore[return-value]  # both schemas are entries

    def tree(self) -> dict[str, Any]:
        """The form as the schema wants it."""
        tree = nested(self.form)
        if SIZE in tree:
            tree[SIZE] = size_from(str(tree[SIZE]))
        if "scheduled_at" in tree:
            tree["scheduled_at"] = moments.from_typed(str(tree["scheduled_at"]))
        return tree


@dataclass(frozen=True)
class BookingCorrections(BookingDraft):
    """The form of a booking that is known: only what differs from what stood there is changed."""

    stood: Mapping[str, str] | None = None

    def tree(self) -> dict[str, Any]:
        """The changes as the schema wants them."""
        stood = self.stood or {}
        differs = {
            name
            for name, value in self.form.items()
            if str(value).strip() != str(stood.get(name, "")).strip()
        }
        known = {name: value for name, value in super().tree().items() if name in differs}
        return known | dict.fromkeys(differs & set(CLEARED) - set(known))


def size_options(session: Any, actor: Actor) -> list[Option]:
    """The sizes there are, each with how many bins stand free now."""
    return [
        Option(
            value=size_value(each.size),
            label=say(
                "{size} · {free} of {bins} in the warehouse",
                size=each.size.text,
                free=each.free,
                bins=each.bins,
            ),
            note="",
        )
        for each in availability.sizes(session, actor)
    ]


def offered(session: Any, actor: Actor) -> tuple[list[Option], dict[str, str]]:
    """The sizes to choose from, and how the form of a new booking starts: tomorrow morning, the usual hire."""
    sizes = size_options(session, actor)
    start = datetime.combine(clock.today() + timedelta(days=1), MORNING, clock.business_zone())
    values = {
        "scheduled_at": moments.typed(start),
        "hire_days": str(business.find(session, SYSTEM).hire_days),
        SIZE: sizes[0]["value"] if sizes else "",
    }
    return sizes, values


def asked_values(session: Any, actor: Actor, asked: Mapping[str, str]) -> dict[str, str]:
    """What an address asks a new booking to start with: a customer, a day, a size. What it names wrongly is ignored."""
    values: dict[str, str] = {}
    try:
        customer = customers.find(session, actor, UUID(asked.get("customer", "")))
        values |= {"customer_id": str(customer.id), "customer_id_label": customer.company_name}
    except (ValueError, DomainError):
        pass
    try:
        start = datetime.combine(date.fromisoformat(asked.get("on", "")), MORNING, clock.business_zone())
        values["scheduled_at"] = moments.typed(start)
    except ValueError:
        pass
    known = {option["value"] for option in size_options(session, actor)}
    return values | ({SIZE: asked["size"]} if asked.get("size") in known else {})


def known_values(session: Any, actor: Actor, booking_id: UUID) -> tuple[list[Option], dict[str, str]]:
    """The sizes to choose from, and a booking as its form holds it."""
    booking = bookings.find(session, actor, booking_id)
    sizes, value = size_options(session, actor), size_value(booking.requested_bin_size)
    if value not in {option["value"] for option in sizes}:
        sizes.append(Option(value=value, label=booking.requested_bin_size.text, note=""))
    stay = (booking.expected_return_on - booking.scheduled_on).days
    values = {name: getattr(booking, name) for name in CLEARED}
    return sizes, values | {
        SIZE: value,
        "scheduled_at": moments.typed(booking.scheduled_at),
        "hire_days": str(stay),
        "customer_id_label": booking.customer_name,
    }


def free_bins(session: Any, actor: Actor, size: BinSize) -> list[Option]:
    """The bins of a size that stand in the warehouse."""
    filters = BinFilters(status=(BinStatus.IN_WAREHOUSE,), **size.model_dump())
    return [bin_option(each) for each in bins.page(session, actor, filters, EVERY_FREE_BIN).rows]


def order_offer(
    session: Any, actor: Actor, booking_id: UUID
) -> tuple[list[Option], list[Option], dict[str, str]]:
    """The bins and kinds of waste for an assigned booking's order, and how its form starts.

    It starts with the first bin and the customer's way to pay.
    """
    booking = bookings.find(session, actor, booking_id)
    customer = customers.find(session, actor, booking.customer_id)
    options = free_bins(session, actor, booking.requested_bin_size)
    pays = PaymentMethod.CASH if customer.credit_limit is None else PaymentMethod.TERM
    values = {"payment_method": str(pays), "notes": booking.notes}
    if options:
        values |= {"inventory_bin_id": options[0]["value"], "inventory_bin_id_label": options[0]["label"]}
    return options, waste_options(session, actor), values


def order_draft(booking: BookingOut, form: Mapping[str, Any]) -> Draft:
    """The order of a booking: customer, size and booking are the booking's, the rest is typed."""
    typed = {name: form.get(name, "") for name in ORDERED}
    fixed = {"customer_id": str(booking.customer_id), "booking_id": str(booking.id)}
    made: dict[str, Any] = typed | fixed | {"bin_size": booking.requested_bin_size.model_dump()}
    if waste_item_id := form.get("waste_item_id"):
        made["waste_items"] = [{"waste_item_id": waste_item_id, "price": typed["amount"]}]
    return Draft(DeliveryOrderEntry, made)


def booking_draft(form: Mapping[str, Any], stood: Mapping[str, str]) -> BookingCorrections:
    """The changes somebody typed into a known booking's form."""
    return BookingCorrections(BookingChanges, form, stood)
