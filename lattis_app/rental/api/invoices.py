"""Invoices over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.core.pdf import Paper
from lattis_app.rental.queries import invoice_prints, payments
from lattis_app.rental.queries import invoices as queries
from lattis_app.rental.queries.delivery_order_prints import Printout
from lattis_app.rental.schemas.invoices import (
    FromOrderEntry,
    InvoiceChanges,
    InvoiceFilters,
    InvoiceOut,
    InvoiceRow,
    ReceiptOut,
    VoidEntry,
)
from lattis_app.rental.services import invoices
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Invoices")
PDF = "application/pdf"


def pdf(printout: Printout) -> Response:
    """A document to show in the browser or save."""
    name = f'inline; filename="{printout.file_name}"'
    return Response(printout.data, media_type=PDF, headers={"Content-Disposition": name})


@routes.get("/invoices", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[InvoiceFilters, Query()], request: PageParams
) -> Page[InvoiceRow]:
    return queries.page(session, actor, filters, request)


@routes.get("/invoices/search", queries.search)
def search(
    session: Session,
    actor: Actor,
    phone: Annotated[str, Query(min_length=3, max_length=40)],
    request: PageParams,
) -> Page[InvoiceRow]:
    return queries.search(session, actor, phone, request)


@routes.post("/invoices/from-do/{delivery_order_id}", invoices.make_from_order, status=201, idempotent=True)
def make_from_order(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: FromOrderEntry | None = None
) -> InvoiceOut:
    wanted = entry or FromOrderEntry()
    made = invoices.make_from_order(session, actor, delivery_order_id, wanted.issue)
    session.flush()
    return queries.find(session, actor, made.id)


@routes.get("/invoices/{invoice_id}", queries.find)
def find(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    return queries.find(session, actor, invoice_id)


@routes.patch("/invoices/{invoice_id}", invoices.update)
def update(session: Session, actor: Actor, invoice_id: UUID, changes: InvoiceChanges) -> InvoiceOut:
    invoices.update(session, actor, invoice_id, changes)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.post("/invoices/{invoice_id}/issue", invoices.issue, idempotent=True)
def issue(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    invoices.issue(session, actor, invoice_id)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.post("/invoices/{invoice_id}/void", invoices.void, idempotent=True)
def void(session: Session, actor: Actor, invoice_id: UUID, entry: VoidEntry) -> InvoiceOut:
    invoices.void(session, actor, invoice_id, entry.reason)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.get("/invoices/{invoice_id}/receipts", payments.receipts)
def receipts(session: Session, actor: Actor, invoice_id: UUID, request: PageParams) -> Page[ReceiptOut]:
    queries.find(session, actor, invoice_id)
    return payments.receipts(session, actor, invoice_id, request)


@routes.get("/invoices/{invoice_id}/pdf", invoice_prints.invoice, content=PDF)
def as_pdf(session: Session, actor: Actor, invoice_id: UUID) -> Response:
    return pdf(invoice_prints.invoice(session, actor, invoice_id, Paper.A4))


@routes.get("/print/invoice/{invoice_id}", invoice_prints.invoice, content=PDF)
def print_invoice(session: Session, actor: Actor, invoice_id: UUID, a4: bool = True) -> Response:
    return pdf(invoice_prints.invoice(session, actor, invoice_id, Paper.A4 if a4 else Paper.THERMAL))


@routes.get("/print/receipt/{payment_id}", invoice_prints.receipt, content=PDF)
def print_receipt(session: Session, actor: Actor, payment_id: UUID, a4: bool = False) -> Response:
    return pdf(invoice_prints.receipt(session, actor, payment_id, Paper.A4 if a4 else Paper.THERMAL))
