"""Finding other people's lorries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, case, literal, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalRentableLorry
from lattis_app.rental.schemas.rentable_lorries import RentableLorryFilters, RentableLorryOut

L = columns(RentalRentableLorry)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "registration_no": L.registration_no,
    "owner_name": L.owner_name,
    "daily_rate": L.daily_rate_minor,
    "trip_rate": L.trip_rate_minor,
}
SHOWN: Select[Any] = select(
    L.id,
    L.registration_no,
    L.owner_name,
    L.owner_phone,
    L.type,
    L.capacity_kg,
    L.daily_rate_minor.label("daily_rate"),
    L.trip_rate_minor.label("trip_rate"),
    literal(DEFAULT_CURRENCY).label("currency"),
    L.active,
    case((L.active, "active"), else_="inactive").label("status"),
    L.notes,
    L.created_at,
    L.updated_at,
)


@requires(Permission.RENTAL_LORRIES_READ)
def page(
    session: Session, actor: Actor, filters: RentableLorryFilters, request: PageRequest
) -> Page[RentableLorryOut]:
    """List rentable lorries by registration number. Sorts: registration_no, owner_name, daily_rate, trip_rate."""
    statement = SHOWN
    if filters.active is not None:
        statement = statement.where(L.active == filters.active)
    if filters.q:
        found = (
            column.icontains(filters.q, autoescape=True)
            for column in (L.registration_no, L.owner_name, L.type)
        )
        statement = statement.where(or_(*found))
    statement = sorted_by(statement, request.sort, SORTS, "registration_no", L.registration_no)
    return paginate(session, statement, request).map(lambda row: RentableLorryOut(**row._mapping))


@requires(Permission.RENTAL_LORRIES_READ)
def find(session: Session, actor: Actor, rentable_lorry_id: UUID) -> RentableLorryOut:
    """One rentable lorry, or NotFound."""
    row = session.execute(SHOWN.where(L.id == rentable_lorry_id)).one_or_none()
    if row is None:
        raise NotFound.record("Rentable lorry", rentable_lorry_id)
    return RentableLorryOut(**row._mapping)
