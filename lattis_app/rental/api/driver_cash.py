"""Drivers' cash and its hand-overs over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import driver_cash as queries
from lattis_app.rental.schemas.hand_overs import (
    CancellationEntry,
    CashOut,
    DriverCashFilters,
    DriverCashOut,
    DriverCashRecord,
    HandOverEntry,
    HandOverFilters,
    HandOverOut,
)
from lattis_app.rental.services import hand_overs
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Driver cash")


@routes.get("/driver-cash", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[DriverCashFilters, Query()], request: PageParams
) -> Page[DriverCashOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/driver-cash/{driver_id}", queries.find)
def find(session: Session, actor: Actor, driver_id: UUID) -> DriverCashRecord:
    return queries.find(session, actor, driver_id)


@routes.post("/driver-cash/{driver_id}/hand-overs", hand_overs.count, status=201, idempotent=True)
def count(session: Session, actor: Actor, driver_id: UUID, entry: HandOverEntry) -> HandOverOut:
    made = hand_overs.count(session, actor, driver_id, entry)
    session.flush()
    return queries.hand_over(session, actor, made.id)


@routes.get("/hand-overs", queries.hand_overs)
def hand_overs_page(
    session: Session, actor: Actor, filters: Annotated[HandOverFilters, Query()], request: PageParams
) -> Page[HandOverOut]:
    return queries.hand_overs(session, actor, filters, request)


@routes.get("/hand-overs/{hand_over_id}", queries.hand_over)
def hand_over(session: Session, actor: Actor, hand_over_id: UUID) -> HandOverOut:
    return queries.hand_over(session, actor, hand_over_id)


@routes.post("/hand-overs/{hand_over_id}/sign-off", hand_overs.sign_off, idempotent=True)
def sign_off(session: Session, actor: Actor, hand_over_id: UUID) -> HandOverOut:
    hand_overs.sign_off(session, actor, hand_over_id)
    session.flush()
    return queries.hand_over(session, actor, hand_over_id)


@routes.post("/hand-overs/{hand_over_id}/cancel", hand_overs.cancel, idempotent=True)
def cancel(session: Session, actor: Actor, hand_over_id: UUID, entry: CancellationEntry) -> HandOverOut:
    hand_overs.cancel(session, actor, hand_over_id, entry.reason)
    session.flush()
    return queries.hand_over(session, actor, hand_over_id)


@routes.get("/me/cash", queries.own)
def own(session: Session, actor: Actor) -> CashOut:
    return queries.own(session, actor)


@routes.post("/me/hand-overs/{hand_over_id}/confirm", hand_overs.confirm, idempotent=True)
def confirm(session: Session, actor: Actor, hand_over_id: UUID) -> CashOut:
    hand_overs.confirm(session, actor, hand_over_id)
    session.flush()
    return queries.own(session, actor)
