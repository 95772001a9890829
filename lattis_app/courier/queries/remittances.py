"""Finding remittances and how their lines compare."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.courier.models import CourierRemittance, CourierRemittanceLine
from lattis_app.courier.schemas.remittances import (
    RemittanceFilters,
    RemittanceLineFilters,
    RemittanceLineOut,
    RemittanceOut,
)
from lattis_app.identity.permissions import Permission, requires

R, L = columns(CourierRemittance), columns(CourierRemittanceLine)
SORTS: dict[str, SQLColumnExpression[Any]] = {"created_at": R.created_at}
LINE_SORTS: dict[str, SQLColumnExpression[Any]] = {"match": L.match}
SHOWN: Select[Any] = select(
    *(column for column in R if column.name not in ("expected_minor", "remitted_minor", "accepted_on")),
    R.expected_minor.label("expected"),
    R.remitted_minor.label("remitted"),
    (R.remitted_minor - R.expected_minor).label("difference"),
)
LINES: Select[Any] = select(
    L.match,
    L.tracking_number,
    L.parcel_id,
    L.expected_minor.label("expected"),
    L.remitted_minor.label("remitted"),
    L.note,
    R.currency,
).join_from(CourierRemittanceLine, CourierRemittance)


@requires(Permission.COURIER_REMITTANCES_MANAGE)
def page(
    session: Session, actor: Actor, filters: RemittanceFilters, request: PageRequest
) -> Page[RemittanceOut]:
    """List remittances, the latest first. Sorts: created_at."""
    statement = SHOWN
    if filters.status:
        statement = statement.where(R.status.in_(filters.status))
    if filters.q:
        statement = statement.where(R.partner.icontains(filters.q, autoescape=True))
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", R.id)
    return paginate(session, ordered, request).map(lambda row: RemittanceOut(**row._mapping))


@requires(Permission.COURIER_REMITTANCES_MANAGE)
def find(session: Session, actor: Actor, remittance_id: UUID) -> RemittanceOut:
    """One remittance, or NotFound."""
    row = session.execute(SHOWN.where(R.id == remittance_id)).one_or_none()
    if row is None:
        raise NotFound.record("Remittance", remittance_id)
    return RemittanceOut(**row._mapping)


@requires(Permission.COURIER_REMITTANCES_MANAGE)
def lines(
    session: Session, actor: Actor, remittance_id: UUID, filters: RemittanceLineFilters, request: PageRequest
) -> Page[RemittanceLineOut]:
    """List how each parcel of a remittance compares: extra, matched, missing, short. Sorts: match."""
    find(session, actor, remittance_id)
    statement = LINES.where(L.remittance_id == remittance_id)
    if filters.match:
        statement = statement.where(L.match.in_(filters.match))
    ordered = sorted_by(statement, request.sort, LINE_SORTS, "match", L.tracking_number)
    return paginate(session, ordered, request).map(lambda row: RemittanceLineOut(**row._mapping))
