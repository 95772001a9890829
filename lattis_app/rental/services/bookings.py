"""Taking, changing and assigning bookings (contract: rental.md, "Booking")."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import advisory_lock, find
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.numbering import take_number
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.events import BookingCancelled, BookingConfirmed, BookingCreated, DoAssigned
from lattis_app.rental.models import RentalBooking, RentalCustomer
from lattis_app.rental.queries import availability, business, customers
from lattis_app.rental.rules.availability import free_throughout, next_free
from lattis_app.rental.schemas.bookings import AssignmentEntry, BookingChanges, BookingEntry
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.services import crews
from lattis_app.rental.statuses import BOOKING_LIFECYCLE, BookingStatus

SERIES = "BK"
CHANGEABLE = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


class CustomerOnStop(PreconditionFailed):
    """The customer gets nothing more until the stop is lifted."""


class NoBinFree(PreconditionFailed):
    """Every bin of the size is out on that day."""


class BookingFixed(PreconditionFailed):
    """The booking is too far to be changed."""


@requires(Permission.RENTAL_BOOKINGS_CREATE)
def create(session: Session, actor: Actor, entry: BookingEntry) -> RentalBooking:
    """Take a booking. Raises CustomerOnStop."""
    customer = find(session, RentalCustomer, entry.customer_id, kind="Customer")
    if customer.on_stop:
        raise CustomerOnStop("The customer is on stop", field="customer_id", reason="is on stop")
    scheduled_on = clock.date_of(entry.scheduled_at)
    stay = entry.hire_days or business.find(session, SYSTEM).hire_days
    size = entry.requested_bin_size
    booking = RentalBooking(
        number=take_number(session, SERIES, clock.today().year),
        customer_id=customer.id,
        h_ft=size.h_ft,
        l_ft=size.l_ft,
        w_ft=size.w_ft,
        area=entry.area,
        state=entry.state,
        site_address=entry.site_address or "",
        scheduled_at=entry.scheduled_at,
        scheduled_on=scheduled_on,
        expected_return_on=scheduled_on + timedelta(days=stay),
        notes=entry.notes or "",
        created_by_id=actor.user_id,
    )
    session.add(booking)
    events.record(session, BookingCreated(booking.id, booking.number))
    return booking


@requires(Permission.RENTAL_BOOKINGS_MANAGE)
def update(session: Session, actor: Actor, booking_id: UUID, changes: BookingChanges) -> RentalBooking:
    """Change a booking that is not assigned yet; `status` confirms or cancels it. Raises BookingFixed."""
    booking = find(session, RentalBooking, booking_id, lock=True, kind="Booking")
    given = changes.given()
    status, reason = given.pop("status", None), given.pop("reason", None)
    if given and booking.status not in CHANGEABLE:
        raise BookingFixed(
            f"Booking {booking.number} is {booking.status} and can't be changed any more",
            field=next(iter(given)),
            reason=f"is fixed once the booking is {booking.status}",
        )
    _apply(booking, changes, given)
    if status == BookingStatus.CONFIRMED:
        _confirm(session, actor, booking)
    elif status == BookingStatus.CANCELLED:
        if not reason:
            raise Invalid.field("reason", "say why the booking is cancelled")
        _cancel(session, actor, booking, reason)
    return booking


def _apply(booking: RentalBooking, changes: BookingChanges, given: dict[str, object]) -> None:
    stay = (booking.expected_return_on - booking.scheduled_on).days
    if changes.requested_bin_size is not None:
        size = changes.requested_bin_size
        booking.h_ft, booking.l_ft, booking.w_ft = size.h_ft, size.l_ft, size.w_ft
    if changes.scheduled_at is not None:
        booking.scheduled_at = changes.scheduled_at
        booking.scheduled_on = clock.date_of(changes.scheduled_at)
    booking.expected_return_on = booking.scheduled_on + timedelta(days=changes.hire_days or stay)
    for name in ("area", "state", "site_address", "notes"):
        if name in given:
            setattr(booking, name, given[name])


@requires(Permission.RENTAL_BOOKINGS_MANAGE)
def confirm(session: Session, actor: Actor, booking_id: UUID) -> RentalBooking:
    """Accept a booking."""
    return _confirm(session, actor, find(session, RentalBooking, booking_id, lock=True, kind="Booking"))


@requires(Permission.RENTAL_BOOKINGS_MANAGE)
def cancel(session: Session, actor: Actor, booking_id: UUID, reason: str) -> RentalBooking:
    """Call a booking off."""
    booking = find(session, RentalBooking, booking_id, lock=True, kind="Booking")
    return _cancel(session, actor, booking, reason)


def _confirm(session: Session, actor: Actor, booking: RentalBooking) -> RentalBooking:
    event = BookingConfirmed(booking.id, booking.number)
    return move(session, actor, booking, BOOKING_LIFECYCLE, BookingStatus.CONFIRMED, event=event)


def _cancel(session: Session, actor: Actor, booking: RentalBooking, reason: str) -> RentalBooking:
    event = BookingCancelled(booking.id, booking.number, reason)
    move(session, actor, booking, BOOKING_LIFECYCLE, BookingStatus.CANCELLED, reason=reason, event=event)
    booking.cancel_reason = reason
    return booking


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def assign(session: Session, actor: Actor, booking_id: UUID, entry: AssignmentEntry) -> RentalBooking:
    """Give a booking to a driver and a lorry; a pending one is confirmed on the way.

    Two who assign at once wait for each other at the driver, the lorry and the size, in this order.
    Raises DriverNotActive, DriverBusy, LorryNotAvailable, LorryDocumentExpired, LorryBusy, NoBinFree (with the next
    free date).
    """
    booking = find(session, RentalBooking, booking_id, lock=True, kind="Booking")
    if booking.status == BookingStatus.PENDING:
        _confirm(session, actor, booking)
    BOOKING_LIFECYCLE.check(BookingStatus(booking.status), BookingStatus.ASSIGNED)
    driver, lorry = crews.hold(
        session, entry.driver_id, entry.lorry_id, booking.scheduled_at, booking.scheduled_on
    )
    _require_bin(session, booking)
    booking.driver_id, booking.lorry_id, booking.assigned_at = driver.id, lorry.id, clock.now()
    customer = customers.find(session, SYSTEM, booking.customer_id)
    event = DoAssigned(booking.id, driver.id, booking.number, customer.company_name)
    return move(session, actor, booking, BOOKING_LIFECYCLE, BookingStatus.ASSIGNED, event=event)


def _require_bin(session: Session, booking: RentalBooking) -> None:
    size = BinSize(h_ft=booking.h_ft, l_ft=booking.l_ft, w_ft=booking.w_ft)
    advisory_lock(session, f"rental bins {size.text}")
    bins, taken = availability.fleet(session, size), availability.hires(session, size)
    stay = booking.expected_return_on - booking.scheduled_on
    if free_throughout(
        bins, taken, booking.scheduled_on, booking.scheduled_on + max(stay, timedelta(days=1))
    ):
        return
    following = next_free(bins, taken, booking.scheduled_on, max(stay.days, 1))
    when = f"the next free day is {following}" if following else "nobody knows yet when one comes back"
    raise NoBinFree(
        f"No {size.text} bin is free on {booking.scheduled_on}; {when}",
        field="scheduled_at",
        reason="no bin of the size is free",
        next_free_on=str(following) if following else None,
    )
