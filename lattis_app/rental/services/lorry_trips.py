"""Recording lorry trips (seed: "Lorry Trip Tracking"). Starting a job opens one, delivering closes it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Forbidden, Invalid, NotFound, PreconditionFailed
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.rental.models import (
    RentalBin,
    RentalDeliveryOrder,
    RentalDriver,
    RentalLorry,
    RentalLorryTrip,
)
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.lorry_trips import LorryTripChanges, LorryTripEntry
from lattis_app.rental.services import lorries

T = columns(RentalLorryTrip)
DEPOT = "Warehouse"


class LorryTripEnded(PreconditionFailed):
    """The drive is over."""


@requires(Permission.RENTAL_TRIPS_MANAGE)
def create(session: Session, actor: Actor, entry: LorryTripEntry) -> RentalLorryTrip:
    """Record a drive. A driver records own drives only; raises Forbidden, NotFound, Invalid."""
    driver_id = _driver_for(actor, entry)
    find(session, RentalDriver, driver_id, kind="Driver")
    find(session, RentalLorry, entry.lorry_id, kind="Lorry")
    if entry.inventory_bin_id is not None:
        find(session, RentalBin, entry.inventory_bin_id, kind="Bin")
    if entry.related_do_id is not None:
        delivery_orders.require_visible(session, actor, entry.related_do_id)
    trip = RentalLorryTrip(
        lorry_id=entry.lorry_id,
        driver_id=driver_id,
        from_location=entry.from_location,
        to_location=entry.to_location,
        bin_id=entry.inventory_bin_id,
        delivery_order_id=entry.related_do_id,
        departed_at=entry.departed_at or clock.now(),
        arrived_at=entry.arrived_at,
        notes=entry.notes or "",
    )
    _require_order(trip)
    session.add(trip)
    return trip


@requires(Permission.RENTAL_TRIPS_MANAGE)
def update(session: Session, actor: Actor, trip_id: UUID, changes: LorryTripChanges) -> RentalLorryTrip:
    """Change a drive, or end it with its arrival; a job's lorry is available then. Another driver's does not exist.

    Raises LorryTripEnded when a driver would rewrite a drive that is over.
    """
    trip = find(session, RentalLorryTrip, trip_id, lock=True, kind="Lorry trip")
    was_open = trip.arrived_at is None
    if actor.role == Role.DRIVER:
        if actor.subject_id is None or trip.driver_id != actor.subject_id:
            raise NotFound.record("Lorry trip", trip_id)
        if not was_open:
            raise LorryTripEnded("This trip has ended; only the office can correct it")
    for name, value in changes.given().items():
        setattr(trip, name, value)
    _require_order(trip)
    if was_open and trip.arrived_at is not None and trip.delivery_order_id is not None:
        lorries.mark_available(session, actor, trip.lorry_id)
    return trip


def open_for(session: Session, actor: Actor, order: RentalDeliveryOrder, at: datetime) -> RentalLorryTrip:
    """Send the order's lorry out; the caller has checked that it has a lorry and a driver."""
    assert order.lorry_id is not None
    assert order.driver_id is not None
    lorries.check_drivable(session, order.lorry_id, clock.today())
    lorries.mark_in_use(session, actor, order.lorry_id)
    trip = RentalLorryTrip(
        lorry_id=order.lorry_id,
        driver_id=order.driver_id,
        from_location=DEPOT,
        to_location=(order.site_address or order.company_name)[:300],
        bin_id=order.bin_id,
        delivery_order_id=order.id,
        departed_at=at,
    )
    session.add(trip)
    return trip


def close_for(session: Session, actor: Actor, order: RentalDeliveryOrder, at: datetime) -> None:
    """End the order's open trip, if there is one, and make its lorry available."""
    running = select(RentalLorryTrip).where(T.delivery_order_id == order.id, T.arrived_at.is_(None))
    for trip in session.scalars(running.with_for_update()):
        trip.arrived_at = max(at, trip.departed_at)
        lorries.mark_available(session, actor, trip.lorry_id)


def _driver_for(actor: Actor, entry: LorryTripEntry) -> UUID:
    if actor.role == Role.DRIVER:
        if actor.subject_id is None or entry.driver_id not in (None, actor.subject_id):
            raise Forbidden("A driver records only own trips", field="driver_id")
        return actor.subject_id
    if entry.driver_id is None:
        raise Invalid.field("driver_id", "is required")
    return entry.driver_id


def _require_order(trip: RentalLorryTrip) -> None:
    if trip.arrived_at is not None and trip.arrived_at < trip.departed_at:
        raise Invalid.field("arrived_at", "must not be before the departure")
