"""Passing jobs on and taking them back over REST; an order of `/v1/orders` is a booking, same id."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.rental.queries import bookings as booking_queries
from lattis_app.rental.queries import delivery_orders as order_queries
from lattis_app.rental.schemas.bookings import BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderOut
from lattis_app.rental.schemas.dispatch import JobKind, PassingOnEntry, TakingBackEntry
from lattis_app.rental.services import dispatching
from lattis_app.web.routing import Routes

routes = Routes("Bookings")


@routes.post("/orders/{order_id}/pass-on", dispatching.give, idempotent=True)
def pass_on(session: Session, actor: Actor, order_id: UUID, entry: PassingOnEntry) -> BookingOut:
    """Pass an assigned order on to another driver; without a lorry the one that is clear.

    Raises JobMoved (409) if `from_driver_id` does not have it any more, and what assigning raises.
    """
    dispatching.give(session, actor, JobKind.BOOKING, order_id, entry)
    return booking_queries.find(session, actor, order_id)


@routes.post("/orders/{order_id}/take-back", dispatching.take_back, idempotent=True)
def take_back(session: Session, actor: Actor, order_id: UUID, entry: TakingBackEntry) -> BookingOut:
    """Take an assigned order from its driver: it is confirmed again and waits for another.

    Raises JobMoved (409) if `from_driver_id` does not have it any more, InvalidTransition.
    """
    dispatching.take_back(session, actor, JobKind.BOOKING, order_id, entry.from_driver_id)
    return booking_queries.find(session, actor, order_id)


@routes.post("/delivery-orders/{delivery_order_id}/pass-on", dispatching.give, idempotent=True)
def pass_order_on(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: PassingOnEntry
) -> DeliveryOrderOut:
    """Pass a delivery order on to another driver before the trip; without a lorry the one that is clear.

    Raises JobMoved (409) if `from_driver_id` does not have it any more, NotChangeable once it is on the way.
    """
    dispatching.give(session, actor, JobKind.ORDER, delivery_order_id, entry)
    return order_queries.find(session, actor, delivery_order_id)


@routes.post("/delivery-orders/{delivery_order_id}/take-back", dispatching.take_back, idempotent=True)
def take_order_back(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: TakingBackEntry
) -> DeliveryOrderOut:
    """Take a delivery order from its driver before the trip: it waits for another.

    Raises JobMoved (409) if `from_driver_id` does not have it any more, NotChangeable once it is on the way.
    """
    dispatching.take_back(session, actor, JobKind.ORDER, delivery_order_id, entry.from_driver_id)
    return order_queries.find(session, actor, delivery_order_id)
