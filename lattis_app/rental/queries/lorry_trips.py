"""Finding lorry trips. A driver sees own ones only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, case, false, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.clock import start_of
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.rental.models import RentalDriver, RentalLorry, RentalLorryTrip
from lattis_app.rental.schemas.lorry_trips import LorryTripFilters, LorryTripOut

T, L, DR = columns(RentalLorryTrip), columns(RentalLorry), columns(RentalDriver)
SORTS: dict[str, SQLColumnExpression[Any]] = {"departed_at": T.departed_at, "created_at": T.created_at}
SHOWN = (
    select(
        T.id,
        case((T.arrived_at.is_(None), "open"), else_="closed").label("status"),
        T.lorry_id,
        L.registration_no.label("lorry_registration_no"),
        T.driver_id,
        DR.name.label("driver_name"),
        T.from_location,
        T.to_location,
        T.bin_id.label("inventory_bin_id"),
        T.delivery_order_id.label("related_do_id"),
        T.departed_at,
        T.arrived_at,
        T.notes,
        T.created_at,
        T.updated_at,
    )
    .join_from(RentalLorryTrip, RentalLorry)
    .join(RentalDriver)
)


@requires(Permission.RENTAL_TRIPS_READ)
def page(
    session: Session, actor: Actor, filters: LorryTripFilters, request: PageRequest
) -> Page[LorryTripOut]:
    """List drives, latest departure first. Sorts: departed_at, created_at."""
    statement = sorted_by(
        _scoped(_filtered(SHOWN, filters), actor),
        request.sort,
        SORTS,
        "-departed_at",
        T.departed_at,
        T.created_at,
        T.id,
    )
    return paginate(session, statement, request).map(lambda row: LorryTripOut(**row._mapping))


@requires(Permission.RENTAL_TRIPS_READ)
def find(session: Session, actor: Actor, trip_id: UUID) -> LorryTripOut:
    """One drive, or NotFound."""
    row = session.execute(_scoped(SHOWN.where(T.id == trip_id), actor)).one_or_none()
    if row is None:
        raise NotFound.record("Lorry trip", trip_id)
    return LorryTripOut(**row._mapping)


def _scoped(statement: Select[Any], actor: Actor) -> Select[Any]:
    if actor.role != Role.DRIVER:
        return statement
    return statement.where(false() if actor.subject_id is None else T.driver_id == actor.subject_id)


def _filtered(statement: Select[Any], filters: LorryTripFilters) -> Select[Any]:
    if filters.q:
        found = (L.registration_no, DR.name, T.from_location, T.to_location)
        statement = statement.where(or_(*(column.icontains(filters.q, autoescape=True) for column in found)))
    if filters.lorry_id is not None:
        statement = statement.where(T.lorry_id == filters.lorry_id)
    if filters.driver_id is not None:
        statement = statement.where(T.driver_id == filters.driver_id)
    if filters.related_do_id is not None:
        statement = statement.where(T.delivery_order_id == filters.related_do_id)
    if filters.from_on is not None:
        statement = statement.where(T.departed_at >= start_of(filters.from_on))
    if filters.to_on is not None:
        statement = statement.where(T.departed_at < start_of(filters.to_on + timedelta(days=1)))
    return statement
