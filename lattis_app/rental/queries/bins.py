"""Finding bins and their movements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalBin, RentalBinMovement, RentalCustomer, RentalDeliveryOrder
from lattis_app.rental.schemas.bins import BinFilters, BinOut, MovementOut
from lattis_app.rental.schemas.parts import BinSize

N, M, C, P = columns(RentalBin), columns(RentalBinMovement), columns(RentalCustomer), columns(Party)
D = columns(RentalDeliveryOrder)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "serial_number": N.serial_number,
    "status": N.status,
    "area": N.area,
    "created_at": N.created_at,
}
SHOWN: Select[Any] = (
    select(
        N.id,
        N.serial_number,
        N.h_ft,
        N.l_ft,
        N.w_ft,
        N.area,
        N.state,
        N.status,
        N.customer_id,
        P.name.label("customer_name"),
        N.delivery_order_id,
        N.notes,
        N.created_at,
        N.updated_at,
    )
    .join_from(RentalBin, RentalCustomer, N.customer_id == C.id, isouter=True)
    .join(Party, C.party_id == P.id, isouter=True)
)
MOVED: Select[Any] = (
    select(
        *(M[name] for name in MovementOut.model_fields if name not in ("related_do_number", "customer_name")),
        D.system_do_number.label("related_do_number"),
        P.name.label("customer_name"),
    )
    .join_from(RentalBinMovement, RentalDeliveryOrder, M.related_do_id == D.id, isouter=True)
    .join(RentalCustomer, M.customer_id == C.id, isouter=True)
    .join(Party, C.party_id == P.id, isouter=True)
)


def place(column: SQLColumnExpression[Any], wanted: str) -> Any:
    """A place compared without case, spaces and underscores: `klang_valley` is `Klang Valley`."""
    bare = func.lower(func.replace(func.replace(column, " ", ""), "_", ""))
    return bare == wanted.lower().replace(" ", "").replace("_", "")


@requires(Permission.RENTAL_BINS_READ)
def page(session: Session, actor: Actor, filters: BinFilters, request: PageRequest) -> Page[BinOut]:
    """List bins by serial number. Sorts: serial_number, status, area, created_at."""
    statement = SHOWN
    if filters.status:
        statement = statement.where(N.status.in_(filters.status))
    for name in ("customer_id", "h_ft", "l_ft", "w_ft"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(N[name] == value)
    for name in ("area", "state"):
        if wanted := getattr(filters, name):
            statement = statement.where(place(N[name], wanted))
    if filters.q:
        statement = statement.where(N.serial_number.startswith(filters.q.upper(), autoescape=True))
    statement = sorted_by(statement, request.sort, SORTS, "serial_number", N.serial_number)
    return paginate(session, statement, request).map(_bin)


@requires(Permission.RENTAL_BINS_READ)
def find(session: Session, actor: Actor, bin_id: UUID) -> BinOut:
    """One bin, or NotFound."""
    row = session.execute(SHOWN.where(N.id == bin_id)).one_or_none()
    if row is None:
        raise NotFound.record("Bin", bin_id)
    return _bin(row)


def _bin(row: Row[Any]) -> BinOut:
    values = dict(row._mapping)
    size = {name: values.pop(name) for name in ("h_ft", "l_ft", "w_ft")}
    return BinOut(**values, size=BinSize(**size))


@requires(Permission.RENTAL_BINS_READ)
def movements(session: Session, actor: Actor, bin_id: UUID, request: PageRequest) -> Page[MovementOut]:
    """List a bin's movements, the latest first."""
    find(session, actor, bin_id)
    statement = sorted_by(
        MOVED.where(M.bin_id == bin_id),
        request.sort,
        {"moved_at": M.moved_at},
        "-moved_at",
        M.created_at,
        M.id,
    )
    return paginate(session, statement, request).map(lambda row: MovementOut(**row._mapping))


@requires(Permission.RENTAL_BINS_READ)
def find_movement(session: Session, actor: Actor, movement_id: UUID) -> MovementOut:
    """One movement, or NotFound."""
    row = session.execute(MOVED.where(M.id == movement_id)).one_or_none()
    if row is None:
        raise NotFound.record("Movement", movement_id)
    return MovementOut(**row._mapping)
