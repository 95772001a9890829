"""Finding disputes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.courier.models import CourierDispute, CourierMerchant, CourierParcel
from lattis_app.courier.queries.parcels import NET
from lattis_app.courier.queries.scopes import scoped
from lattis_app.courier.schemas.disputes import DisputeFilters, DisputeOut
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party

D, C = columns(CourierDispute), columns(CourierParcel)
M, P = columns(CourierMerchant), columns(Party)
SORTS: dict[str, SQLColumnExpression[Any]] = {"created_at": D.created_at}
SHOWN: Select[Any] = (
    select(
        D.id,
        D.parcel_id,
        C.tracking_number,
        D.merchant_id,
        P.name.label("merchant_name"),
        D.status,
        D.reason,
        D.raised_by,
        D.answer,
        D.resolved_at,
        D.resolved_by,
        C.status.label("parcel_status"),
        C.financial_status,
        C.cod_amount_minor.label("cod_amount"),
        C.cod_collected_amount_minor.label("cod_collected_amount"),
        NET.label("net_payable"),
        C.currency,
        D.created_at,
        D.updated_at,
    )
    .join_from(CourierDispute, CourierParcel, D.parcel_id == C.id)
    .join(CourierMerchant, D.merchant_id == M.id)
    .join(Party, M.party_id == P.id)
)


@requires(Permission.COURIER_DISPUTES_READ)
def page(session: Session, actor: Actor, filters: DisputeFilters, request: PageRequest) -> Page[DisputeOut]:
    """List disputes, the latest first; a merchant sees its own. Sorts: created_at."""
    statement = scoped(_filtered(SHOWN, filters), actor, D.merchant_id)
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", D.id)
    return paginate(session, ordered, request).map(lambda row: DisputeOut(**row._mapping))


@requires(Permission.COURIER_DISPUTES_READ)
def find(session: Session, actor: Actor, dispute_id: UUID) -> DisputeOut:
    """One dispute, or NotFound."""
    row = session.execute(scoped(SHOWN.where(D.id == dispute_id), actor, D.merchant_id)).one_or_none()
    if row is None:
        raise NotFound.record("Dispute", dispute_id)
    return DisputeOut(**row._mapping)


def _filtered(statement: Select[Any], filters: DisputeFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(D.status.in_(filters.status))
    if filters.merchant_id is not None:
        statement = statement.where(D.merchant_id == filters.merchant_id)
    if filters.parcel_id is not None:
        statement = statement.where(D.parcel_id == filters.parcel_id)
    if filters.q:
        statement = statement.where(C.tracking_number.startswith(filters.q.upper(), autoescape=True))
    return statement
