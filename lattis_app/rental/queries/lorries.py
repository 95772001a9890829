"""Finding lorries, and the papers that run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalLorry, RentalLorryDocument
from lattis_app.rental.schemas.lorries import LorryAlertOut, LorryFilters, LorryOut

L, D = columns(RentalLorry), columns(RentalLorryDocument)
_NEXT = select(func.min(D.expires_on)).where(D.lorry_id == L.id).scalar_subquery()
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "registration_no": L.registration_no,
    "status": L.status,
    "next_expiry_on": _NEXT,
    "created_at": L.created_at,
}
_PAPERS = (
    select(
        func.coalesce(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_object("kind", D.kind, "number", D.number, "expires_on", D.expires_on),
                    D.kind,
                )
            ),
            func.json_build_array(),
        )
    )
    .where(D.lorry_id == L.id)
    .scalar_subquery()
)
SHOWN: Select[Any] = select(
    L.id,
    L.registration_no,
    L.type,
    L.capacity_kg,
    L.status,
    L.notes,
    _PAPERS.label("documents"),
    _NEXT.label("next_expiry_on"),
    L.created_at,
    L.updated_at,
)


@requires(Permission.RENTAL_LORRIES_READ)
def page(session: Session, actor: Actor, filters: LorryFilters, request: PageRequest) -> Page[LorryOut]:
    """List lorries by registration number. Sorts: registration_no, status, next_expiry_on, created_at."""
    statement = SHOWN
    if filters.status:
        statement = statement.where(L.status.in_(filters.status))
    if filters.expires_within is not None:
        statement = statement.where(clock.today() + timedelta(days=filters.expires_within) >= _NEXT)
    if filters.q:
        found = (
            L.registration_no.icontains(filters.q, autoescape=True),
            L.type.icontains(filters.q, autoescape=True),
        )
        statement = statement.where(or_(*found))
    statement = sorted_by(statement, request.sort, SORTS, "registration_no", L.registration_no)
    return paginate(session, statement, request).map(lambda row: LorryOut(**row._mapping))


@requires(Permission.RENTAL_LORRIES_READ)
def find(session: Session, actor: Actor, lorry_id: UUID) -> LorryOut:
    """One lorry, or NotFound."""
    row = session.execute(SHOWN.where(L.id == lorry_id)).one_or_none()
    if row is None:
        raise NotFound.record("Lorry", lorry_id)
    return LorryOut(**row._mapping)


@requires(Permission.RENTAL_LORRIES_READ)
def alerts(session: Session, actor: Actor, within_days: int, request: PageRequest) -> Page[LorryAlertOut]:
    """List papers that have run out or will within so many days, the most urgent first. Sorts: expires_on, kind."""
    today = clock.today()
    days_left = (D.expires_on - today).label("days_left")
    statement = (
        select(
            D.lorry_id,
            L.registration_no,
            D.kind,
            D.number,
            D.expires_on,
            days_left,
            (D.expires_on < today).label("expired"),
        )
        .join_from(RentalLorryDocument, RentalLorry)
        .where(D.expires_on <= today + timedelta(days=within_days), L.status != "inactive")
    )
    sorts = {"expires_on": D.expires_on, "kind": D.kind}
    ordered = sorted_by(statement, request.sort, sorts, "expires_on", L.registration_no, D.kind, D.id)
    return paginate(session, ordered, request).map(lambda row: LorryAlertOut(**row._mapping))
