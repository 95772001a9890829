"""Payments over REST: in the office on an invoice, on site on a delivery order."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import payments as queries
from lattis_app.rental.schemas.invoices import (
    CollectionEntry,
    PaymentEntry,
    PaymentFilters,
    PaymentOut,
)
from lattis_app.rental.services import payments
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Payments")


@routes.get("/payments", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[PaymentFilters, Query()], request: PageParams
) -> Page[PaymentOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/payments/{payment_id}", queries.find)
def find(session: Session, actor: Actor, payment_id: UUID) -> PaymentOut:
    return queries.find(session, actor, payment_id)


@routes.post("/invoices/{invoice_id}/payments", payments.record, status=201, idempotent=True)
def record(session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry) -> PaymentOut:
    payment = payments.record(session, actor, invoice_id, entry)
    session.flush()
    return queries.find(session, actor, payment.id)


@routes.post("/delivery-orders/{delivery_order_id}/receipt", payments.collect, status=201, idempotent=True)
def collect(session: Session, actor: Actor, delivery_order_id: UUID, entry: CollectionEntry) -> PaymentOut:
    payment = payments.collect(session, actor, delivery_order_id, entry)
    session.flush()
    return queries.find(session, actor, payment.id)
