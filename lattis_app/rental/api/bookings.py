"""Bookings and the dispatcher's orders over REST; an order is a booking, same id."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import bookings as queries
from lattis_app.rental.schemas.bookings import (
    AssignmentEntry,
    BookingCancelEntry,
    BookingChanges,
    BookingEntry,
    BookingFilters,
    BookingOut,
)
from lattis_app.rental.services import bookings
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Bookings")


@routes.get("/bookings", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[BookingFilters, Query()], request: PageParams
) -> Page[BookingOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/bookings", bookings.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: BookingEntry) -> BookingOut:
    booking = bookings.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, booking.id)


@routes.get("/bookings/{booking_id}", queries.find)
def find(session: Session, actor: Actor, booking_id: UUID) -> BookingOut:
    return queries.find(session, actor, booking_id)


@routes.patch("/bookings/{booking_id}", bookings.update)
def update(session: Session, actor: Actor, booking_id: UUID, changes: BookingChanges) -> BookingOut:
    bookings.update(session, actor, booking_id, changes)
    session.flush()
    return queries.find(session, actor, booking_id)


@routes.post("/bookings/{booking_id}/confirm", bookings.confirm, idempotent=True)
def confirm(session: Session, actor: Actor, booking_id: UUID) -> BookingOut:
    bookings.confirm(session, actor, booking_id)
    session.flush()
    return queries.find(session, actor, booking_id)


@routes.post("/bookings/{booking_id}/cancel", bookings.cancel, idempotent=True)
def cancel(session: Session, actor: Actor, booking_id: UUID, entry: BookingCancelEntry) -> BookingOut:
    bookings.cancel(session, actor, booking_id, entry.reason)
    session.flush()
    return queries.find(session, actor, booking_id)


@routes.get("/orders", queries.page)
def orders(
    session: Session, actor: Actor, filters: Annotated[BookingFilters, Query()], request: PageParams
) -> Page[BookingOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/orders/{order_id}/assign", bookings.assign, idempotent=True)
def assign(session: Session, actor: Actor, order_id: UUID, entry: AssignmentEntry) -> BookingOut:
    bookings.assign(session, actor, order_id, entry)
    session.flush()
    return queries.find(session, actor, order_id)
