"""Finding reminders to collect bins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.clock import start_of
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import (
    RentalBin,
    RentalCollectionReminder,
    RentalDeliveryOrder,
    RentalDriver,
)
from lattis_app.rental.schemas.delivery_orders import ReminderFilters, ReminderRow

R, D = columns(RentalCollectionReminder), columns(RentalDeliveryOrder)
N, DR = columns(RentalBin), columns(RentalDriver)
SORTS: dict[str, SQLColumnExpression[Any]] = {"scheduled_at": R.scheduled_at, "status": R.status}
SHOWN: Select[Any] = (
    select(
        R.id,
        R.delivery_order_id,
        D.system_do_number,
        D.company_name,
        D.site_address,
        N.serial_number.label("bin_serial_number"),
        DR.name.label("driver_name"),
        R.reminder_type,
        R.scheduled_at,
        R.status,
        R.sent_at,
        R.created_at,
        R.updated_at,
    )
    .join_from(RentalCollectionReminder, RentalDeliveryOrder, R.delivery_order_id == D.id)
    .join(RentalBin, D.bin_id == N.id)
    .join(RentalDriver, D.driver_id == DR.id, isouter=True)
)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def page(session: Session, actor: Actor, filters: ReminderFilters, request: PageRequest) -> Page[ReminderRow]:
    """List reminders, the latest first. Sorts: scheduled_at, status."""
    statement = sorted_by(
        _filtered(SHOWN, filters),
        request.sort,
        SORTS,
        "-scheduled_at",
        R.scheduled_at,
        D.system_do_number,
        R.id,
    )
    return paginate(session, statement, request).map(lambda row: ReminderRow(**row._mapping))


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def find(session: Session, actor: Actor, reminder_id: UUID) -> ReminderRow:
    """One reminder, or NotFound."""
    row = session.execute(SHOWN.where(R.id == reminder_id)).one_or_none()
    if row is None:
        raise NotFound.record("Collection reminder", reminder_id)
    return ReminderRow(**row._mapping)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def list_for(session: Session, actor: Actor, delivery_order_id: UUID) -> list[ReminderRow]:
    """The reminders of an order, latest first."""
    rows = session.execute(
        SHOWN.where(R.delivery_order_id == delivery_order_id).order_by(
            R.scheduled_at.desc(), R.created_at.desc(), R.id
        )
    )
    return [ReminderRow(**row._mapping) for row in rows]


def _filtered(statement: Select[Any], filters: ReminderFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(R.status.in_(filters.status))
    if filters.reminder_type:
        statement = statement.where(R.reminder_type.in_(filters.reminder_type))
    if filters.from_on is not None:
        statement = statement.where(R.scheduled_at >= start_of(filters.from_on))
    if filters.to_on is not None:
        statement = statement.where(R.scheduled_at < start_of(filters.to_on + timedelta(days=1)))
    if filters.q:
        found = (
            D.system_do_number.startswith(filters.q.upper(), autoescape=True),
            D.company_name.icontains(filters.q, autoescape=True),
        )
        statement = statement.where(or_(*found))
    return statement
