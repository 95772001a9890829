"""Merchant invoices over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.courier.queries import invoice_prints, parcels, settlement_runs
from lattis_app.courier.queries import merchant_invoices as queries
from lattis_app.courier.schemas.invoices import (
    CancelEntry,
    InvoiceEntry,
    InvoiceLineOut,
    LineFilters,
    MerchantInvoiceFilters,
    MerchantInvoiceOut,
    MerchantInvoiceRow,
    PaymentEntry,
    TransferRow,
)
from lattis_app.courier.schemas.parcels import EligibleFilters, ParcelRow, ParcelSums
from lattis_app.courier.schemas.runs import RunEntry, RunFilters, RunOut, RunRow
from lattis_app.courier.services import merchant_invoices
from lattis_app.courier.services import settlement_runs as run_service
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Merchant invoices")


@routes.get("/merchant-invoices", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[MerchantInvoiceFilters, Query()], request: PageParams
) -> Page[MerchantInvoiceRow]:
    return queries.page(session, actor, filters, request)


@routes.get("/merchant-invoices/eligible-parcels", parcels.eligible)
def eligible(
    session: Session, actor: Actor, filters: Annotated[EligibleFilters, Query()], request: PageParams
) -> Page[ParcelRow]:
    return parcels.eligible(session, actor, filters, request)


@routes.get("/merchant-invoices/eligible-parcels/totals", parcels.sum_eligible)
def sum_eligible(session: Session, actor: Actor, filters: Annotated[EligibleFilters, Query()]) -> ParcelSums:
    return parcels.sum_eligible(session, actor, filters)


@routes.get("/merchant-invoices/bank-transfers", queries.transfers)
def transfers(
    session: Session, actor: Actor, filters: Annotated[MerchantInvoiceFilters, Query()], request: PageParams
) -> Page[TransferRow]:
    return queries.transfers(session, actor, filters, request)


@routes.post("/merchant-invoices", merchant_invoices.generate, status=201, idempotent=True)
def generate(session: Session, actor: Actor, entry: InvoiceEntry) -> MerchantInvoiceOut:
    made = merchant_invoices.generate(session, actor, entry)
    session.flush()
    return queries.find(session, actor, made.id)


@routes.get("/merchant-invoices/runs", settlement_runs.page)
def runs(
    session: Session, actor: Actor, filters: Annotated[RunFilters, Query()], request: PageParams
) -> Page[RunRow]:
    return settlement_runs.page(session, actor, filters, request)


@routes.post("/merchant-invoices/runs", run_service.run, idempotent=True)
def run(session: Session, actor: Actor, entry: RunEntry) -> RunOut:
    if entry.preview:
        return settlement_runs.preview(session, actor, entry.as_of)
    done = run_service.run(session, actor, entry)
    session.flush()
    return settlement_runs.find(session, actor, done.id)


@routes.get("/merchant-invoices/runs/{run_id}", settlement_runs.find)
def find_run(session: Session, actor: Actor, run_id: UUID) -> RunOut:
    return settlement_runs.find(session, actor, run_id)


@routes.get("/merchant-invoices/{invoice_id}", queries.find)
def find(session: Session, actor: Actor, invoice_id: UUID, request: PageParams) -> MerchantInvoiceOut:
    return queries.find(session, actor, invoice_id, request)


@routes.get("/merchant-invoices/{invoice_id}/lines", queries.lines)
def lines(
    session: Session,
    actor: Actor,
    invoice_id: UUID,
    filters: Annotated[LineFilters, Query()],
    request: PageParams,
) -> Page[InvoiceLineOut]:
    return queries.lines(session, actor, invoice_id, filters, request)


@routes.post("/merchant-invoices/{invoice_id}/pay", merchant_invoices.pay, idempotent=True)
def pay(session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry) -> MerchantInvoiceOut:
    merchant_invoices.pay(session, actor, invoice_id, entry)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.post(
    "/merchant-invoices/{invoice_id}/merchant-payment",
    merchant_invoices.record_merchant_payment,
    idempotent=True,
)
def record_merchant_payment(
    session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry
) -> MerchantInvoiceOut:
    merchant_invoices.record_merchant_payment(session, actor, invoice_id, entry)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.post("/merchant-invoices/{invoice_id}/cancel", merchant_invoices.cancel, idempotent=True)
def cancel(session: Session, actor: Actor, invoice_id: UUID, entry: CancelEntry) -> MerchantInvoiceOut:
    merchant_invoices.cancel(session, actor, invoice_id, entry.reason)
    session.flush()
    return queries.find(session, actor, invoice_id)


@routes.get("/merchant-invoices/{invoice_id}/pdf", invoice_prints.merchant_invoice, content="application/pdf")
def as_pdf(session: Session, actor: Actor, invoice_id: UUID) -> Response:
    printout = invoice_prints.merchant_invoice(session, actor, invoice_id)
    shown = {"Content-Disposition": f'inline; filename="{printout.file_name}"'}
    return Response(printout.data, media_type="application/pdf", headers=shown)
