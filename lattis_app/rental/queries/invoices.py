"""Finding invoices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Date,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.normal import normal_phone
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, one_of, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer, RentalDeliveryOrder, RentalInvoice, RentalInvoiceLine
from lattis_app.rental.queries import payments
from lattis_app.rental.queries.bins import place
from lattis_app.rental.queries.customers import named
from lattis_app.rental.schemas.invoices import InvoiceFilters, InvoiceLineOut, InvoiceOut, InvoiceRow
from lattis_app.rental.statuses import InvoiceStatus

I, L = columns(RentalInvoice), columns(RentalInvoiceLine)  # noqa: E741 — one letter per table
D, C, P = columns(RentalDeliveryOrder), columns(RentalCustomer), columns(Party)
ELSEWHERE = D.id.table.alias("order_of_place").c
OPEN = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)
LISTED_ON = case(
    (I.status == literal_column("'draft'"), literal_column("'infinity'::date")),
    else_=func.coalesce(I.issued_on, literal_column("'-infinity'::date")),
)
"""The day of issue; a draft comes after all days, one that was voided as a draft before them. Written as its index."""
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": in_order(I.invoice_number),
    "issued_on": LISTED_ON,
    "due_on": I.due_on,
    "total": I.total_minor,
    "created_at": I.created_at,
}
TIES = (I.invoice_number, I.created_at, I.id)
ALONE = ("tax_rate", "notes", "issuer", "bill_to", "paid_at", "closed_at", "voided_at", "void_reason")


TODAY: BindParameter[date] = bindparam("today", callable_=clock.today, type_=Date)
OVERDUE = I.status.in_(OPEN) & (I.due_on < TODAY)
IN_LISTS = (
    I.id,
    I.invoice_number,
    I.status,
    I.supplementary,
    I.delivery_order_id,
    D.system_do_number,
    I.customer_id,
    func.coalesce(I.bill_to["name"].astext, P.name).label("customer_name"),
    I.payment_method,
    I.currency,
    I.subtotal_minor.label("subtotal"),
    I.tax_minor.label("tax"),
    I.total_minor.label("total"),
    I.paid_minor.label("paid"),
    I.refunded_minor.label("refunded"),
    (I.total_minor - I.paid_minor).label("balance"),
    I.issued_at,
    I.issued_on,
    I.due_on,
    case((OVERDUE, TODAY - I.due_on), else_=0).label("days_overdue"),
    I.created_at,
    I.updated_at,
)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join_from(RentalInvoice, RentalDeliveryOrder, I.delivery_order_id == D.id, isouter=True)
        .join(RentalCustomer, I.customer_id == C.id, isouter=True)
        .join(Party, C.party_id == P.id, isouter=True)
    )


LISTED = _joined(select(*IN_LISTS))
ONE = _joined(select(*IN_LISTS, *(I[name] for name in ALONE))).where(I.id == bindparam("id"))
LINES = (
    select(
        L.position,
        L.description,
        L.quantity,
        L.unit,
        L.price_minor.label("price"),
        L.amount_minor.label("amount"),
    )
    .where(L.invoice_id == bindparam("id"))
    .order_by(L.position)
)


@requires(Permission.RENTAL_INVOICES_READ)
def page(session: Session, actor: Actor, filters: InvoiceFilters, request: PageRequest) -> Page[InvoiceRow]:
    """List invoices, drafts first, then the latest issued, of a day the highest number.

    Sorts: number, issued_on, due_on, total, created_at.
    """
    statement = sorted_by(_filtered(LISTED, filters), request.sort, SORTS, "-issued_on", *TIES)
    return paginate(session, statement, request, RentalInvoice).map(lambda row: InvoiceRow(**row._mapping))


@requires(Permission.RENTAL_INVOICES_READ)
def summarise(session: Session, actor: Actor, filters: InvoiceFilters) -> Money:
    """What is still to be paid on the invoices that match; drafts and voided ones owe nothing."""
    owed = func.coalesce(func.sum(I.total_minor - I.paid_minor), 0)
    statement = _filtered(_joined(select(owed)), filters).where(I.status.in_(OPEN))
    return Money(int(session.scalar(statement) or 0))


@requires(Permission.RENTAL_INVOICES_READ)
def search(session: Session, actor: Actor, phone: str, request: PageRequest) -> Page[InvoiceRow]:
    """List the invoices of whoever has this phone number: the customer's, or the one on the delivery order."""
    number = normal_phone(phone)
    statement = LISTED.where(or_(P.phone == number, D.phone == number))
    ordered = sorted_by(statement, request.sort, SORTS, "-issued_on", *TIES)
    return paginate(session, ordered, request).map(lambda row: InvoiceRow(**row._mapping))


@requires(Permission.RENTAL_INVOICES_READ)
def find(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    """One invoice with its lines and payments, or NotFound."""
    row = session.execute(ONE, {"id": invoice_id}).one_or_none()
    if row is None:
        raise NotFound.record("Invoice", invoice_id)
    lines = session.execute(LINES, {"id": invoice_id})
    return InvoiceOut(
        **row._mapping,
        lines=[InvoiceLineOut(**line._mapping) for line in lines],
        payments=payments.of_invoice(session, invoice_id) if row.paid else [],
    )


def _filtered(statement: Select[Any], filters: InvoiceFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(I.status.in_(filters.status))
    for name in ("customer_id", "delivery_order_id"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(I[name] == value)
    if filters.overdue is not None:
        statement = statement.where(OVERDUE if filters.overdue else ~OVERDUE)
    if filters.method:
        statement = statement.where(I.payment_method.in_(filters.method))
    asked = {name: value for name in ("area", "state") if (value := getattr(filters, name))}
    if asked:
        there = (place(ELSEWHERE[name], wanted) for name, wanted in asked.items())
        statement = statement.where(exists().where(ELSEWHERE.id == I.delivery_order_id, *there))
    if filters.from_on is not None:
        statement = statement.where(I.issued_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(I.issued_on <= filters.to_on)
    if filters.due_from is not None:
        statement = statement.where(I.due_on >= filters.due_from)
    if filters.due_to is not None:
        statement = statement.where(I.due_on <= filters.due_to)
    if filters.q:
        number = filters.q.upper()
        orders = select(D.id).where(D.system_do_number.startswith(number, autoescape=True))
        found = union(
            select(I.id).where(I.invoice_number.startswith(number, autoescape=True)),
            select(I.id).where(I.delivery_order_id.in_(orders)),
            select(I.id).where(I.customer_id.in_(named(filters.q))),
        )
        statement = statement.where(I.id == one_of(found))
    return statement
