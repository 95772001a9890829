"""Finding drivers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.normal import try_phone
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalDriver
from lattis_app.rental.schemas.drivers import DriverFilters, DriverOut

D = columns(RentalDriver)
SORTS: dict[str, SQLColumnExpression[Any]] = {"name": D.name, "status": D.status, "created_at": D.created_at}
SHOWN: Select[Any] = select(
    D.id,
    D.name,
    func.concat("••••••", func.right(D.ic_number, 4)).label("ic_number"),
    D.phone,
    D.email,
    D.address,
    D.status,
    D.jobs_per_day,
    D.created_at,
    D.updated_at,
)


@requires(Permission.RENTAL_DRIVERS_READ)
def page(session: Session, actor: Actor, filters: DriverFilters, request: PageRequest) -> Page[DriverOut]:
    """List drivers by name. Sorts: name, status, created_at."""
    statement = SHOWN
    if filters.status:
        statement = statement.where(D.status.in_(filters.status))
    if filters.q:
        signs = [D.name.icontains(filters.q, autoescape=True)]
        if number := try_phone(filters.q):
            signs.append(D.phone == number)
        statement = statement.where(or_(*signs))
    statement = sorted_by(statement, request.sort, SORTS, "name", D.name, D.phone)
    return paginate(session, statement, request).map(lambda row: DriverOut(**row._mapping))


@requires(Permission.RENTAL_DRIVERS_READ)
def find(session: Session, actor: Actor, driver_id: UUID) -> DriverOut:
    """One driver, or NotFound."""
    row = session.execute(SHOWN.where(D.id == driver_id)).one_or_none()
    if row is None:
        raise NotFound.record("Driver", driver_id)
    return DriverOut(**row._mapping)
