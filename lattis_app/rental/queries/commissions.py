"""Finding commissions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalCommission, RentalDeliveryOrder
from lattis_app.rental.schemas.invoices import CommissionFilters, CommissionOut
from lattis_app.rental.statuses import CommissionStatus

C, D = columns(RentalCommission), columns(RentalDeliveryOrder)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "created_at": C.created_at,
    "introducer_name": C.introducer_name,
    "amount": C.amount_minor,
    "status": C.status,
}
SHOWN: Select[Any] = select(
    C.id,
    C.delivery_order_id,
    C.refund_id,
    D.system_do_number,
    D.company_name.label("customer_name"),
    C.introducer_name,
    C.status,
    C.amount_minor.label("amount"),
    C.currency,
    D.amount_minor.label("order_amount"),
    C.payment_method,
    C.reference,
    C.eligible_at,
    C.approved_at,
    C.paid_at,
    C.created_at,
    C.updated_at,
).join_from(RentalCommission, RentalDeliveryOrder, C.delivery_order_id == D.id)


@requires(Permission.RENTAL_COMMISSIONS_READ)
def page(
    session: Session, actor: Actor, filters: CommissionFilters, request: PageRequest
) -> Page[CommissionOut]:
    """List commissions, the newest first. Sorts: created_at, introducer_name, amount, status."""
    statement = sorted_by(
        _filtered(SHOWN, filters), request.sort, SORTS, "-created_at", C.created_at, D.system_do_number, C.id
    )
    return paginate(session, statement, request).map(lambda row: CommissionOut(**row._mapping))


@requires(Permission.RENTAL_COMMISSIONS_READ)
def summarise(session: Session, actor: Actor, filters: CommissionFilters) -> Money:
    """What introducers get together by the commissions that match; cancelled ones bring nothing."""
    joined = select(func.coalesce(func.sum(C.amount_minor), 0)).join_from(
        RentalCommission, RentalDeliveryOrder, C.delivery_order_id == D.id
    )
    statement = _filtered(joined, filters).where(C.status != CommissionStatus.CANCELLED)
    return Money(int(session.scalar(statement) or 0))


@requires(Permission.RENTAL_COMMISSIONS_READ)
def find(session: Session, actor: Actor, commission_id: UUID) -> CommissionOut:
    """One commission, or NotFound."""
    row = session.execute(SHOWN.where(C.id == commission_id)).one_or_none()
    if row is None:
        raise NotFound.record("Commission", commission_id)
    return CommissionOut(**row._mapping)


def _filtered(statement: Select[Any], filters: CommissionFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(C.status.in_(filters.status))
    if filters.q:
        found = (
            C.introducer_name.icontains(filters.q, autoescape=True),
            D.system_do_number.startswith(filters.q.upper(), autoescape=True),
        )
        statement = statement.where(or_(*found))
    return statement
