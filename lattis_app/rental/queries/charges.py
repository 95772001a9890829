"""Finding charges beyond orders' own amounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalCharge, RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.schemas.charges import ChargeFilters, ChargeOut, ChargesOut
from lattis_app.rental.statuses import ChargeStatus

C, D, I = columns(RentalCharge), columns(RentalDeliveryOrder), columns(RentalInvoice)  # noqa: E741 — one letter per table
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "created_at": C.created_at,
    "amount": C.amount_minor,
    "kind": C.kind,
    "status": C.status,
}
SHOWN: Select[Any] = (
    select(
        C.id,
        C.delivery_order_id,
        D.system_do_number,
        C.customer_id,
        D.company_name.label("customer_name"),
        C.kind,
        C.description,
        C.quantity,
        C.unit,
        C.price_minor.label("price"),
        C.amount_minor.label("amount"),
        C.currency,
        C.status,
        C.invoice_id,
        I.invoice_number,
        C.billed_at,
        C.waived_at,
        C.waive_reason,
        C.created_at,
        C.updated_at,
    )
    .join_from(RentalCharge, RentalDeliveryOrder, C.delivery_order_id == D.id)
    .join(RentalInvoice, C.invoice_id == I.id, isouter=True)
)


@requires(Permission.RENTAL_INVOICES_READ)
def page(session: Session, actor: Actor, filters: ChargeFilters, request: PageRequest) -> Page[ChargeOut]:
    """List charges, the newest first. Sorts: created_at, amount, kind, status."""
    statement = sorted_by(
        _filtered(SHOWN, filters), request.sort, SORTS, "-created_at", C.created_at, D.system_do_number, C.id
    )
    return paginate(session, statement, request).map(lambda row: ChargeOut(**row._mapping))


@requires(Permission.RENTAL_INVOICES_READ)
def unbilled(session: Session, actor: Actor, filters: ChargeFilters) -> ChargesOut:
    """How many of the charges that match wait for an invoice, and what they come to before tax."""
    statement = select(func.count(), func.coalesce(func.sum(C.amount_minor), 0)).join_from(
        RentalCharge, RentalDeliveryOrder, C.delivery_order_id == D.id
    )
    waiting = _filtered(statement, filters).where(C.status == ChargeStatus.UNBILLED)
    count, total = session.execute(waiting).one()
    return ChargesOut(count=count, total=int(total), currency=DEFAULT_CURRENCY)


@requires(Permission.RENTAL_INVOICES_READ)
def find(session: Session, actor: Actor, charge_id: UUID) -> ChargeOut:
    """One charge, or NotFound."""
    row = session.execute(SHOWN.where(C.id == charge_id)).one_or_none()
    if row is None:
        raise NotFound.record("Charge", charge_id)
    return ChargeOut(**row._mapping)


def _filtered(statement: Select[Any], filters: ChargeFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(C.status.in_(filters.status))
    if filters.kind:
        statement = statement.where(C.kind.in_(filters.kind))
    if filters.customer_id is not None:
        statement = statement.where(C.customer_id == filters.customer_id)
    if filters.delivery_order_id is not None:
        statement = statement.where(C.delivery_order_id == filters.delivery_order_id)
    if filters.q:
        found = (
            D.system_do_number.startswith(filters.q.upper(), autoescape=True),
            D.company_name.icontains(filters.q, autoescape=True),
        )
        statement = statement.where(or_(*found))
    return statement
