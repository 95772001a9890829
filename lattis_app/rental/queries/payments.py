"""Finding payments and receipts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, bindparam, false, func, select, union
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, one_of, paginate, sorted_by
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer, RentalDriver, RentalPayment, RentalReceipt
from lattis_app.rental.queries.customers import named
from lattis_app.rental.schemas.invoices import PaymentFilters, PaymentOut, ReceiptOut

Y, R, C, P = columns(RentalPayment), columns(RentalReceipt), columns(RentalCustomer), columns(Party)
DR = columns(RentalDriver)
MOST_SHOWN = 100
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "received_on": Y.received_at,
    "received_at": Y.received_at,
    "amount": Y.amount_minor,
    "receipt_number": in_order(Y.receipt_number),
}
"""A day is in the order of its hours."""
TIES = (Y.received_at, Y.receipt_number)
SHOWN: Select[Any] = (
    select(
        Y.id,
        Y.invoice_id,
        Y.delivery_order_id,
        Y.customer_id,
        P.name.label("customer_name"),
        Y.method,
        Y.amount_minor.label("amount"),
        Y.refunded_minor.label("refunded"),
        Y.currency,
        Y.reference,
        Y.receipt_number,
        Y.received_at,
        Y.received_on,
        Y.driver_id,
        DR.name.label("driver_name"),
        Y.received_by,
        Y.created_at,
        Y.updated_at,
    )
    .join_from(RentalPayment, RentalCustomer, Y.customer_id == C.id, isouter=True)
    .join(Party, C.party_id == P.id, isouter=True)
    .join(RentalDriver, Y.driver_id == DR.id, isouter=True)
)
ONE = SHOWN.where(Y.id == bindparam("id"))
OF_INVOICE = SHOWN.where(Y.invoice_id == bindparam("invoice_id")).order_by(*TIES)


@requires(Permission.RENTAL_PAYMENTS_READ)
def page(session: Session, actor: Actor, filters: PaymentFilters, request: PageRequest) -> Page[PaymentOut]:
    """List payments, the last received first. Sorts: received_on, received_at, amount, receipt_number."""
    statement = sorted_by(_filtered(SHOWN, filters), request.sort, SORTS, "-received_at", *TIES)
    return paginate(session, statement, request, RentalPayment).map(lambda row: PaymentOut(**row._mapping))


@requires(Permission.RENTAL_PAYMENTS_READ)
def summarise(session: Session, actor: Actor, filters: PaymentFilters) -> Money:
    """What came in by the payments that match."""
    total = select(func.coalesce(func.sum(Y.amount_minor), 0))
    return Money(int(session.scalar(_filtered(total, filters)) or 0))


@requires(Permission.RENTAL_PAYMENTS_READ, Permission.RENTAL_PAYMENTS_COLLECT)
def find(session: Session, actor: Actor, payment_id: UUID) -> PaymentOut:
    """One payment, or NotFound; a driver sees only those they took."""
    statement = ONE
    if actor.role == Role.DRIVER:
        statement = statement.where(false() if actor.subject_id is None else Y.driver_id == actor.subject_id)
    row = session.execute(statement, {"id": payment_id}).one_or_none()
    if row is None:
        raise NotFound.record("Payment", payment_id)
    return PaymentOut(**row._mapping)


def of_invoice(session: Session, invoice_id: UUID) -> list[PaymentOut]:
    """The payments on one invoice, in the order they came."""
    rows = session.execute(OF_INVOICE, {"invoice_id": invoice_id})
    return [PaymentOut(**row._mapping) for row in rows]


@requires(Permission.RENTAL_PAYMENTS_READ)
def receipts(session: Session, actor: Actor, invoice_id: UUID, request: PageRequest) -> Page[ReceiptOut]:
    """List the receipts of an invoice's payments."""
    statement = (
        select(*(R[name] for name in ReceiptOut.model_fields))
        .join_from(RentalReceipt, RentalPayment, R.payment_id == Y.id)
        .where(Y.invoice_id == invoice_id)
    )
    ordered = sorted_by(statement, request.sort, {"issued_at": R.issued_at}, "issued_at", R.receipt_number)
    return paginate(session, ordered, request).map(lambda row: ReceiptOut(**row._mapping))


def latest_of(session: Session, driver_id: UUID) -> list[PaymentOut]:
    """What a driver took last, the latest first."""
    statement = SHOWN.where(Y.driver_id == driver_id).order_by(*(each.desc() for each in TIES))
    return [PaymentOut(**row._mapping) for row in session.execute(statement.limit(MOST_SHOWN))]


def taken_on(session: Session, driver_id: UUID, day: date) -> dict[str, int]:
    """What a driver took on a day by each method, in minor units."""
    sums = session.execute(
        select(Y.method, func.sum(Y.amount_minor))
        .where(Y.driver_id == driver_id, Y.received_on == day)
        .group_by(Y.method)
    )
    return {method: int(total) for method, total in sums}


def _filtered(statement: Select[Any], filters: PaymentFilters) -> Select[Any]:
    if filters.method:
        statement = statement.where(Y.method.in_(filters.method))
    for name in ("invoice_id", "delivery_order_id", "customer_id", "driver_id"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(Y[name] == value)
    if filters.from_on is not None:
        statement = statement.where(Y.received_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(Y.received_on <= filters.to_on)
    if filters.q:
        found = union(
            select(Y.id).where(Y.receipt_number.startswith(filters.q.upper(), autoescape=True)),
            select(Y.id).where(Y.customer_id.in_(named(filters.q))),
        )
        statement = statement.where(Y.id == one_of(found))
    return statement
