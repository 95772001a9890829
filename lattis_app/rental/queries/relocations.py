"""Finding moves of bins. A driver sees own ones only; another's does not exist for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, SQLColumnExpression, false, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.rental.models import (
    RentalBin,
    RentalDeliveryOrder,
    RentalDriver,
    RentalLorry,
    RentalRelocation,
)
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.schemas.transfers import RelocationFilters, RelocationOut
from lattis_app.rental.statuses import RelocationStatus

R, D, N = columns(RentalRelocation), columns(RentalDeliveryOrder), columns(RentalBin)
DR, L = columns(RentalDriver), columns(RentalLorry)
SORTS: dict[str, SQLColumnExpression[Any]] = {"scheduled_at": R.scheduled_at, "created_at": R.created_at}
SHOWN: Select[Any] = (
    select(
        R.id,
        R.delivery_order_id,
        func.coalesce(D.system_do_number, "").label("system_do_number"),
        D.company_name,
        D.do_by_name,
        D.phone,
        D.bin_id.label("inventory_bin_id"),
        N.serial_number.label("bin_serial_number"),
        N.h_ft,
        N.l_ft,
        N.w_ft,
        R.from_address,
        R.site_address,
        R.area,
        R.state,
        R.scheduled_at,
        R.scheduled_on,
        R.driver_id,
        DR.name.label("driver_name"),
        R.lorry_id,
        L.registration_no.label("lorry_registration_no"),
        R.reason,
        R.status,
        R.done_at,
        R.cancel_reason,
        R.created_at,
        R.updated_at,
    )
    .join_from(RentalRelocation, RentalDeliveryOrder, R.delivery_order_id == D.id)
    .join(RentalBin, D.bin_id == N.id)
    .join(RentalDriver, R.driver_id == DR.id, isouter=True)
    .join(RentalLorry, R.lorry_id == L.id, isouter=True)
)
PLANNED = SHOWN.where(R.status == RelocationStatus.PLANNED).order_by(R.scheduled_at, R.id).limit(100)


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def page(
    session: Session, actor: Actor, filters: RelocationFilters, request: PageRequest
) -> Page[RelocationOut]:
    """List moves of bins, the latest first. Sorts: scheduled_at, created_at."""
    statement = _scoped(SHOWN, actor)
    if filters.status:
        statement = statement.where(R.status.in_(filters.status))
    if filters.driver_id is not None:
        statement = statement.where(R.driver_id == filters.driver_id)
    if filters.delivery_order_id is not None:
        statement = statement.where(R.delivery_order_id == filters.delivery_order_id)
    if filters.from_on is not None:
        statement = statement.where(R.scheduled_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(R.scheduled_on <= filters.to_on)
    ordered = sorted_by(statement, request.sort, SORTS, "-scheduled_at", R.scheduled_at, R.id)
    return paginate(session, ordered, request).map(_shown)


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def find(session: Session, actor: Actor, relocation_id: UUID) -> RelocationOut:
    """One move of a bin, or NotFound."""
    row = session.execute(_scoped(SHOWN, actor).where(R.id == relocation_id)).one_or_none()
    if row is None:
        raise NotFound.record("Relocation", relocation_id)
    return _shown(row)


@requires(Permission.RENTAL_DELIVERY_ORDERS_READ)
def planned_for(session: Session, actor: Actor, delivery_order_id: UUID) -> RelocationOut | None:
    """The move that is planned of an order's bin."""
    row = session.execute(_scoped(PLANNED, actor).where(R.delivery_order_id == delivery_order_id)).first()
    return _shown(row) if row else None


@requires(Permission.RENTAL_OWN_DAY_READ)
def own(session: Session, actor: Actor) -> list[RelocationOut]:
    """The bins that the driver is to move, earliest first."""
    return [_shown(row) for row in session.execute(PLANNED.where(_is_drivers(actor)))]


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def of_day(session: Session, actor: Actor, day: date) -> list[RelocationOut]:
    """The moves of a day; on today's board those that earlier days left undone, too."""
    wanted = (R.scheduled_on == day) & (R.status != RelocationStatus.CANCELLED)
    if day == clock.today():
        wanted |= (R.scheduled_on < day) & (R.status == RelocationStatus.PLANNED)
    rows = session.execute(SHOWN.where(wanted).order_by(R.scheduled_at, R.id).limit(100))
    return [_shown(row) for row in rows]


def _scoped(statement: Select[Any], actor: Actor) -> Select[Any]:
    return statement if actor.role != Role.DRIVER else statement.where(_is_drivers(actor))


def _is_drivers(actor: Actor) -> Any:
    return false() if actor.subject_id is None else R.driver_id == actor.subject_id


def _shown(row: Row[Any]) -> RelocationOut:
    values = dict(row._mapping)
    size = BinSize(**{name: values.pop(name) for name in ("h_ft", "l_ft", "w_ft")})
    return RelocationOut(bin_size=size.text, **values)
