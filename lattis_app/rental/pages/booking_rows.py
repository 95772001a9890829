"""Bookings as the pages show them: text, tones and the steps that are allowed. No State, no components."""

from __future__ import annotations

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.language import say
from lattis_app.rental.queries import bookings as queries
from lattis_app.rental.schemas.bookings import BookingOut
from lattis_app.rental.statuses import BookingStatus
from lattis_app.ui import moments
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.theme import Tone
from lattis_app.ui.values import dash

S = BookingStatus
STATUS: dict[BookingStatus, tuple[str, Tone]] = {
    S.PENDING: ("Pending", "warn"),
    S.CONFIRMED: ("Confirmed", "info"),
    S.ASSIGNED: ("Assigned", "ok"),
    S.FULFILLED: ("Fulfilled", "neutral"),
    S.CANCELLED: ("Cancelled", "bad"),
}
STEPS = {
    S.PENDING: ["assign", "confirm", "edit", "cancel"],
    S.CONFIRMED: ["assign", "edit", "cancel"],
    S.ASSIGNED: ["order", "cancel"],
}
LIST = ListSpec(
    "bookings",
    (
        Column("number", "Number", sortable=True),
        Column("customer", "Customer", note="site"),
        Column("scheduled_at", "When", "date", sortable=True),
        Column("size", "Bin", priority=2),
        Column("driver", "Driver · lorry", priority=3),
        Column("status", "Status", "badge", sortable=True),
    ),
    filters=(
        Filter(
            "status",
            "Status",
            options=tuple((str(key), word) for key, (word, _) in STATUS.items()),
            several=True,
        ),
        Filter("area", "Area", "text"),
        Filter("customer_id", "Customer"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(
        ("To confirm", "status=pending"),
        ("To assign", "status=pending,confirmed&sort=scheduled_at"),
        ("Without an order", "status=assigned&sort=scheduled_at"),
    ),
    search="Number or customer",
    export="/v1/bookings",
)
read = with_history(queries.find, "rental_bookings")


def row(booking: BookingOut) -> dict[str, str]:
    """One line of the list."""
    word, tone = STATUS[booking.status]
    driven = (booking.driver_name, booking.lorry_registration_no)
    return {
        "id": str(booking.id),
        "number": booking.number,
        "customer": booking.customer_name,
        "site": booking.area,
        "scheduled_at": moments.near(booking.scheduled_at),
        "size": booking.requested_bin_size.text,
        "driver": " · ".join(part for part in driven if part) or say("Not assigned"),
        "status": say(word),
        "status_tone": tone,
    }


def facts(booking: BookingOut) -> dict[str, str]:
    """The booking as label and value."""
    where = (booking.site_address, booking.area, booking.state)
    ordered = booking.delivery_order_id is not None
    return row(booking) | {
        "scheduled_at": moments.moment(booking.scheduled_at),
        "customer_href": f"/rental/customers?open={booking.customer_id}",
        "where": ", ".join(part for part in where if part) or say("The customer's address"),
        "return": moments.day(booking.expected_return_on),
        "stay": say("{count} days", count=(booking.expected_return_on - booking.scheduled_on).days),
        "notes": dash(booking.notes),
        "cancel_reason": booking.cancel_reason,
        "order": (booking.delivery_order_number or say("Draft")) if ordered else "",
        "order_href": f"/rental/delivery-orders?open={booking.delivery_order_id}" if ordered else "",
    }


def allowed(booking: BookingOut) -> list[str]:
    """The steps that are allowed now."""
    steps = STEPS.get(booking.status, [])
    return [step for step in steps if step != "order" or booking.delivery_order_id is None]
