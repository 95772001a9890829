"""Weekly invoices over REST, as seed 003 names them: the seller's own, and the administrators'."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.marketplace.queries import invoice_prints, runs
from lattis_app.marketplace.queries import invoices as queries
from lattis_app.marketplace.schemas.invoices import (
    ClaimEntry,
    InvoiceFilters,
    InvoiceOut,
    InvoiceRow,
    ListedInvoiceOut,
    MyInvoiceFilters,
    PaymentEntry,
    ReasonEntry,
)
from lattis_app.marketplace.schemas.runs import LoggedRunOut, PreviewFilters, PreviewRow, RunEntry, RunOut
from lattis_app.marketplace.services import invoices
from lattis_app.marketplace.services import runs as run_services
from lattis_app.web.dialects import BARE
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Seller invoices", "/api", BARE)
PDF = "application/pdf"


def pdf(printout: invoice_prints.Printout) -> Response:
    """A document to show in the browser or save."""
    name = f'inline; filename="{printout.file_name}"'
    return Response(printout.data, media_type=PDF, headers={"Content-Disposition": name})


@routes.get("/invoices/seller/my-invoices", queries.mine, listed_as="invoices")
def mine(
    session: Session, actor: Actor, filters: Annotated[MyInvoiceFilters, Query()], request: PageParams
) -> Page[ListedInvoiceOut]:
    return queries.mine(session, actor, filters, request)


@routes.get("/invoices/seller/{invoice_id}", queries.find_mine)
def find_mine(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    return queries.find_mine(session, actor, invoice_id)


@routes.get("/invoices/seller/{invoice_id}/pdf", invoice_prints.mine, content=PDF)
def mine_as_pdf(session: Session, actor: Actor, invoice_id: UUID) -> Response:
    return pdf(invoice_prints.mine(session, actor, invoice_id))


@routes.put("/invoices/seller/{invoice_id}/mark-paid", invoices.mark_mine_paid)
def mark_mine_paid(
    session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry | None = None
) -> InvoiceOut:
    invoices.mark_mine_paid(session, actor, invoice_id, entry or PaymentEntry())
    session.flush()
    return queries.find_mine(session, actor, invoice_id)


@routes.post("/invoices/seller/{invoice_id}/claim-payment", invoices.claim_payment, idempotent=True)
def claim_payment(session: Session, actor: Actor, invoice_id: UUID, entry: ClaimEntry) -> InvoiceOut:
    invoices.claim_payment(session, actor, invoice_id, entry)
    session.flush()
    return queries.find_mine(session, actor, invoice_id)


@routes.get("/invoices/admin", queries.page, listed_as="invoices")
def page(
    session: Session, actor: Actor, filters: Annotated[InvoiceFilters, Query()], request: PageParams
) -> Page[InvoiceRow]:
    return queries.page(session, actor, filters, request)


@routes.get("/invoices/admin/runs", runs.log, listed_as="runs")
def run_log(session: Session, actor: Actor, request: PageParams) -> Page[LoggedRunOut]:
    return runs.log(session, actor, request)


@routes.post("/invoices/admin/runs", run_services.run, idempotent=True)
def run(session: Session, actor: Actor, entry: RunEntry | None = None) -> RunOut:
    return run_services.run(session, actor, entry or RunEntry())


@routes.get("/invoices/admin/runs/preview", runs.preview, listed_as="invoices")
def preview(
    session: Session, actor: Actor, filters: Annotated[PreviewFilters, Query()], request: PageParams
) -> Page[PreviewRow]:
    return runs.preview(session, actor, filters.week, request)


@routes.get("/invoices/admin/seller/{seller_id}", queries.of_seller, listed_as="invoices")
def of_seller(
    session: Session,
    actor: Actor,
    seller_id: UUID,
    filters: Annotated[MyInvoiceFilters, Query()],
    request: PageParams,
) -> Page[ListedInvoiceOut]:
    return queries.of_seller(session, actor, seller_id, filters, request)


@routes.get("/invoices/admin/{invoice_id}", queries.find)
def find(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceOut:
    return queries.find(session, actor, invoice_id)


@routes.get("/invoices/admin/{invoice_id}/pdf", invoice_prints.any_seller, content=PDF)
def as_pdf(session: Session, actor: Actor, invoice_id: UUID) -> Response:
    return pdf(invoice_prints.any_seller(session, actor, invoice_id))


@routes.put("/invoices/admin/{invoice_id}/mark-paid", invoices.mark_paid)
def mark_paid(
    session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry | None = None
) -> InvoiceOut:
    invoices.mark_paid(session, actor, invoice_id, entry or PaymentEntry())
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.post("/invoices/admin/{invoice_id}/reject-claim", invoices.reject_claim, idempotent=True)
def reject_claim(session: Session, actor: Actor, invoice_id: UUID, entry: ReasonEntry) -> InvoiceOut:
    invoices.reject_claim(session, actor, invoice_id, entry.reason)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.post("/invoices/admin/{invoice_id}/cancel", invoices.cancel, idempotent=True)
def cancel(session: Session, actor: Actor, invoice_id: UUID, entry: ReasonEntry) -> InvoiceOut:
    invoices.cancel(session, actor, invoice_id, entry.reason)
    session.flush()
    return queries.find(session, actor, invoice_id)
