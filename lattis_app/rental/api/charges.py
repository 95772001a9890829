"""Charges beyond orders' own amounts, over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import charges as queries
from lattis_app.rental.schemas.charges import BillingEntry, ChargeFilters, ChargeOut, ChargesOut, WaiverEntry
from lattis_app.rental.services import charges
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Charges")


@routes.get("/charges", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[ChargeFilters, Query()], request: PageParams
) -> Page[ChargeOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/charges/unbilled", queries.unbilled)
def unbilled(session: Session, actor: Actor, filters: Annotated[ChargeFilters, Query()]) -> ChargesOut:
    return queries.unbilled(session, actor, filters)


@routes.post("/charges/bill", charges.bill, idempotent=True)
def bill(session: Session, actor: Actor, entry: BillingEntry) -> list[ChargeOut]:
    billed = charges.bill(session, actor, entry.charge_ids)
    session.flush()
    return [queries.find(session, actor, charge.id) for charge in billed]


@routes.get("/charges/{charge_id}", queries.find)
def find(session: Session, actor: Actor, charge_id: UUID) -> ChargeOut:
    return queries.find(session, actor, charge_id)


@routes.post("/charges/{charge_id}/waive", charges.waive, idempotent=True)
def waive(session: Session, actor: Actor, charge_id: UUID, entry: WaiverEntry) -> ChargeOut:
    charges.waive(session, actor, charge_id, entry.reason)
    session.flush()
    return queries.find(session, actor, charge_id)
