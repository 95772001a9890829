"""Finding bookings. A driver sees those assigned to them and those they made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, SQLColumnExpression, false, or_, select, union
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, one_of, paginate, sorted_by
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalBooking,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDriver,
    RentalLorry,
)
from lattis_app.rental.queries.bins import place
from lattis_app.rental.queries.customers import named
from lattis_app.rental.schemas.bookings import BookingFilters, BookingOut
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import DeliveryOrderStatus

B, C, P = columns(RentalBooking), columns(RentalCustomer), columns(Party)
D, L, O = columns(RentalDriver), columns(RentalLorry), columns(RentalDeliveryOrder)  # noqa: E741 — one letter per table
LIVE = (O.booking_id == B.id) & (O.status != DeliveryOrderStatus.CANCELLED)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": in_order(B.number),
    "created_at": B.created_at,
    "scheduled_on": B.scheduled_at,
    "scheduled_at": B.scheduled_at,
    "status": B.status,
}
"""A day is in the order of its hours."""
TIES = (B.created_at, B.number)
SHOWN: Select[Any] = (
    select(
        B.id,
        B.number,
        B.customer_id,
        P.name.label("customer_name"),
        B.h_ft,
        B.l_ft,
        B.w_ft,
        B.area,
        B.state,
        B.site_address,
        B.scheduled_at,
        B.scheduled_on,
        B.expected_return_on,
        B.notes,
        B.status,
        B.driver_id,
        D.name.label("driver_name"),
        B.lorry_id,
        L.registration_no.label("lorry_registration_no"),
        B.assigned_at,
        B.cancel_reason,
        O.id.label("delivery_order_id"),
        O.system_do_number.label("delivery_order_number"),
        B.created_at,
        B.updated_at,
    )
    .join_from(RentalBooking, RentalCustomer, B.customer_id == C.id, isouter=True)
    .join(Party, C.party_id == P.id, isouter=True)
    .join(RentalDriver, B.driver_id == D.id, isouter=True)
    .join(RentalLorry, B.lorry_id == L.id, isouter=True)
    .join(RentalDeliveryOrder, LIVE, isouter=True)
)


@requires(Permission.RENTAL_BOOKINGS_READ)
def page(session: Session, actor: Actor, filters: BookingFilters, request: PageRequest) -> Page[BookingOut]:
    """List bookings, what came in last first: it needs somebody, and the dispatch board goes by the hour.

    Sorts: number, created_at, scheduled_on, scheduled_at, status.
    """
    statement = _visible(SHOWN, actor)
    if filters.status:
        statement = statement.where(B.status.in_(filters.status))
    for name in ("customer_id", "driver_id"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(B[name] == value)
    if filters.area:
        statement = statement.where(place(B.area, filters.area))
    if filters.from_on is not None:
        statement = statement.where(B.scheduled_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(B.scheduled_on <= filters.to_on)
    if filters.q:
        found = union(
            select(B.id).where(B.number.startswith(filters.q.upper(), autoescape=True)),
            select(B.id).where(B.customer_id.in_(named(filters.q))),
        )
        statement = statement.where(B.id == one_of(found))
    statement = sorted_by(statement, request.sort, SORTS, "-created_at", *TIES)
    return paginate(session, statement, request, RentalBooking).map(_booking)


@requires(Permission.RENTAL_BOOKINGS_READ)
def find(session: Session, actor: Actor, booking_id: UUID) -> BookingOut:
    """One booking, or NotFound."""
    row = session.execute(_visible(SHOWN, actor).where(B.id == booking_id)).one_or_none()
    if row is None:
        raise NotFound.record("Booking", booking_id)
    return _booking(row)


def _visible(statement: Select[Any], actor: Actor) -> Select[Any]:
    if actor.role != Role.DRIVER:
        return statement
    given = false() if actor.subject_id is None else B.driver_id == actor.subject_id
    return statement.where(or_(B.created_by_id == actor.user_id, given))


def _booking(row: Row[Any]) -> BookingOut:
    values = dict(row._mapping)
    size = {name: values.pop(name) for name in ("h_ft", "l_ft", "w_ft")}
    return BookingOut(**values, requested_bin_size=BinSize(**size))
