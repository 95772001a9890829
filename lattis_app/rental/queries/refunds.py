"""Finding refunds, and what can still be refunded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, case, func, select, union
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, one_of, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDriver,
    RentalInvoice,
    RentalPayment,
    RentalRefund,
    RentalRefundPart,
)
from lattis_app.rental.queries.customers import named
from lattis_app.rental.schemas.refunds import (
    RefundableOut,
    RefundFilters,
    RefundOut,
    RefundPartOut,
    RefundRow,
)
from lattis_app.rental.statuses import InvoiceStatus, RefundStatus, RefundTarget

R, PART = columns(RentalRefund), columns(RentalRefundPart)
D, I, Y = columns(RentalDeliveryOrder), columns(RentalInvoice), columns(RentalPayment)  # noqa: E741 — one letter per table
C, P, DR = columns(RentalCustomer), columns(Party), columns(RentalDriver)
OPEN = R.status.in_((RefundStatus.PENDING, RefundStatus.APPROVED))
ISSUED = I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED))
NUMBER = in_order(R.refund_number)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "refund_number": NUMBER,
    "requested_on": R.requested_on,
    "amount": R.amount_minor,
    "status": R.status,
}
SHOWN: Select[Any] = (
    select(
        R.id,
        R.refund_number,
        R.status,
        R.target_type,
        case((R.target_type == RefundTarget.INVOICE, R.invoice_id), else_=R.delivery_order_id).label(
            "target_id"
        ),
        R.delivery_order_id,
        D.system_do_number,
        R.invoice_id,
        I.invoice_number,
        R.customer_id,
        P.name.label("customer_name"),
        R.amount_minor.label("amount"),
        R.tax_minor.label("tax"),
        R.currency,
        R.reason,
        R.requested_on,
        R.requested_by,
        R.approved_at,
        R.rejected_at,
        R.rejection,
        R.processed_at,
        R.payment_method,
        R.reference,
        R.created_at,
        R.updated_at,
    )
    .join_from(RentalRefund, RentalDeliveryOrder, R.delivery_order_id == D.id, isouter=True)
    .join(RentalInvoice, R.invoice_id == I.id, isouter=True)
    .join(RentalCustomer, R.customer_id == C.id, isouter=True)
    .join(Party, C.party_id == P.id, isouter=True)
)
PARTS = (
    select(
        PART.payment_id,
        Y.receipt_number,
        Y.method,
        PART.account,
        PART.driver_id,
        DR.name.label("driver_name"),
        PART.amount_minor.label("amount"),
    )
    .join_from(RentalRefundPart, RentalPayment, PART.payment_id == Y.id)
    .join(RentalDriver, PART.driver_id == DR.id, isouter=True)
    .where(PART.refund_id == bindparam("id"))
    .order_by(Y.received_at.desc(), Y.receipt_number.desc(), PART.account)
)


@requires(Permission.RENTAL_REFUNDS_READ)
def page(session: Session, actor: Actor, filters: RefundFilters, request: PageRequest) -> Page[RefundRow]:
    """List refunds, the newest first. Sorts: refund_number, requested_on, amount, status."""
    statement = sorted_by(_filtered(SHOWN, filters), request.sort, SORTS, "-refund_number", NUMBER)
    return paginate(session, statement, request).map(lambda row: RefundRow(**row._mapping))


@requires(Permission.RENTAL_REFUNDS_READ)
def summarise(session: Session, actor: Actor, filters: RefundFilters) -> Money:
    """What was or is to be given back by the refunds that match; rejected ones are not."""
    total = select(func.coalesce(func.sum(R.amount_minor), 0)).where(R.status != RefundStatus.REJECTED)
    return Money(int(session.scalar(_filtered(total, filters)) or 0))


@requires(Permission.RENTAL_REFUNDS_READ)
def find(session: Session, actor: Actor, refund_id: UUID) -> RefundOut:
    """One refund with the payments it gives back, or NotFound."""
    row = session.execute(SHOWN.where(R.id == refund_id)).one_or_none()
    if row is None:
        raise NotFound.record("Refund", refund_id)
    parts = session.execute(PARTS, {"id": refund_id})
    return RefundOut(**row._mapping, parts=[RefundPartOut(**part._mapping) for part in parts])


@requires(Permission.RENTAL_REFUNDS_READ)
def refundable(session: Session, actor: Actor, target: RefundTarget, target_id: UUID) -> RefundableOut:
    """How much can still be refunded of an order's own invoice, of money taken before it, or of an invoice. NotFound."""
    which: ColumnElement[bool] = I.id == target_id
    if target is RefundTarget.DO:
        which = (I.delivery_order_id == target_id) & ISSUED & ~I.supplementary
    paid = session.execute(
        select(I.id, I.invoice_number, I.delivery_order_id, I.currency, I.paid_minor - I.refunded_minor)
        .add_columns(I.bill_to["name"].astext)
        .where(which)
    ).one_or_none()
    if paid is not None:
        invoice_id, number, order_id, currency, left, customer = paid
        left -= promised(session, order_id, invoice_id)
    else:
        order = session.execute(
            select(D.system_do_number, D.company_name, D.currency, D.collected_minor).where(D.id == target_id)
        ).one_or_none()
        if order is None or target is RefundTarget.INVOICE:
            raise NotFound.record(
                "Invoice" if target is RefundTarget.INVOICE else "Delivery order", target_id
            )
        number, customer, currency, left = order
        left -= promised(session, target_id, None)
    return RefundableOut(
        target_type=target,
        target_id=target_id,
        number=number or "",
        customer_name=customer or "",
        currency=currency,
        refundable=max(left, 0),
    )


def promised(session: Session, delivery_order_id: UUID, invoice_id: UUID | None) -> int:
    """What open refunds will take off an invoice, or off money taken before it, in minor units.

    What was asked for before the order's own invoice was issued is taken off that.
    """
    of_target: ColumnElement[bool] = R.invoice_id.is_(None)
    if invoice_id is not None:
        own = select(I.id).where(I.id == invoice_id, ~I.supplementary).exists()
        of_target = (R.invoice_id == invoice_id) | (R.invoice_id.is_(None) & own)
    statement = select(func.coalesce(func.sum(R.amount_minor), 0)).where(
        R.delivery_order_id == delivery_order_id, OPEN, of_target
    )
    return int(session.scalar(statement) or 0)


def _filtered(statement: Select[Any], filters: RefundFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(R.status.in_(filters.status))
    for name in ("customer_id", "invoice_id", "delivery_order_id"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(R[name] == value)
    if filters.from_on is not None:
        statement = statement.where(R.requested_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(R.requested_on <= filters.to_on)
    if filters.q:
        number = filters.q.upper()
        found = union(
            select(R.id).where(R.refund_number.startswith(number, autoescape=True)),
            select(R.id).where(R.customer_id.in_(named(filters.q))),
        )
        statement = statement.where(R.id == one_of(found))
    return statement
