"""Checking a document by the secret printed on it; nobody need be signed in."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Column, Select, SQLColumnExpression, Text, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import open_to_anyone
from lattis_app.rental.models import (
    RentalBusiness,
    RentalDeliveryOrder,
    RentalInvoice,
    RentalPayment,
    RentalReceipt,
)
from lattis_app.rental.schemas.checks import CheckedDocument, DocumentKind

U, D, I = columns(RentalBusiness), columns(RentalDeliveryOrder), columns(RentalInvoice)  # noqa: E741 — one letter per table
R, Y = columns(RentalReceipt), columns(RentalPayment)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
RECEIVED = "received"
BUSINESS = func.coalesce(select(U.name).limit(1).scalar_subquery(), "")


def link(token: str) -> str:
    """The address that is printed, and drawn as a QR code, on a document."""
    return f"{settings().url}/check/{token}"


@open_to_anyone
def find(session: Session, token: str) -> CheckedDocument:
    """The document whose check link has this secret. NotFound, in the same words, for anything else."""
    row = session.execute(_by(token)).one_or_none() if TOKEN.fullmatch(token) else None
    if row is None:
        raise NotFound("There is no such document")
    values = dict(row._mapping)
    moment, customer = values.pop("moment"), values.pop("customer")
    return CheckedDocument(**values, dated_on=clock.date_of(moment), customer=initials(customer))


def initials(name: str) -> str:
    """The first letters of a name: enough to compare with the paper, too little to learn who it is."""
    return " ".join(f"{word[0].upper()}." for word in re.findall(r"[^\W_]+", name))


def _by(token: str) -> Any:
    receipts = _document(
        DocumentKind.RECEIPT,
        R.receipt_number,
        R.issued_at,
        (Y.amount_minor, Y.currency),
        literal(RECEIVED),
        R.content["business"]["name"].astext,
        R.content["customer"]["name"].astext,
    ).join_from(RentalReceipt, RentalPayment, R.payment_id == Y.id)
    invoices = _document(
        DocumentKind.INVOICE,
        I.invoice_number,
        func.coalesce(I.issued_at, I.created_at),
        (I.total_minor, I.currency),
        I.status,
        func.coalesce(I.issuer["name"].astext, BUSINESS),
        func.coalesce(I.bill_to["name"].astext, ""),
    )
    orders = _document(
        DocumentKind.DELIVERY_ORDER,
        D.system_do_number,
        func.coalesce(D.issued_at, D.created_at),
        (D.amount_minor, D.currency),
        D.status,
        BUSINESS,
        D.company_name,
    )
    return union_all(
        receipts.where(R.check_token == token),
        invoices.where(I.check_token == token),
        orders.where(D.check_token == token),
    )


def _document(
    kind: DocumentKind,
    number: Column[Any],
    moment: SQLColumnExpression[Any],
    amount: tuple[Column[Any], Column[Any]],
    status: SQLColumnExpression[Any],
    issuer: SQLColumnExpression[Any],
    customer: SQLColumnExpression[Any],
) -> Select[Any]:
    return select(
        cast(literal(str(kind)), Text).label("kind"),
        number.label("number"),
        moment.label("moment"),
        amount[0].label("amount"),
        amount[1].label("currency"),
        cast(status, Text).label("status"),
        issuer.label("issuer"),
        customer.label("customer"),
    )
