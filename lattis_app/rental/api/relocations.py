"""Moves of bins to another site over REST: planned, given to a driver, done or called off."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.api.delivery_orders import DoneAgo, done_at
from lattis_app.rental.queries import relocations as queries
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind, TakingBackEntry
from lattis_app.rental.schemas.transfers import (
    RelocationCancelEntry,
    RelocationFilters,
    RelocationOut,
    RelocationPlan,
)
from lattis_app.rental.services import dispatching, relocations
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Relocations")


@routes.get("/relocations", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[RelocationFilters, Query()], request: PageParams
) -> Page[RelocationOut]:
    return queries.page(session, actor, filters, request)


@routes.post(
    "/delivery-orders/{delivery_order_id}/relocations", relocations.plan, status=201, idempotent=True
)
def plan(session: Session, actor: Actor, delivery_order_id: UUID, entry: RelocationPlan) -> RelocationOut:
    planned = relocations.plan(session, actor, delivery_order_id, entry)
    return _shown(session, actor, planned.id)


@routes.get("/relocations/{relocation_id}", queries.find)
def find(session: Session, actor: Actor, relocation_id: UUID) -> RelocationOut:
    return queries.find(session, actor, relocation_id)


@routes.post("/relocations/{relocation_id}/assign", dispatching.give, idempotent=True)
def assign(session: Session, actor: Actor, relocation_id: UUID, entry: HandingEntry) -> RelocationOut:
    """Give a move to a driver, or pass it on from `from_driver_id`; without a lorry the one that is clear.

    Raises JobMoved (409) if `from_driver_id` does not have it any more, and what assigning raises.
    """
    dispatching.give(session, actor, JobKind.RELOCATION, relocation_id, entry)
    return _shown(session, actor, relocation_id)


@routes.post("/relocations/{relocation_id}/take-back", dispatching.take_back, idempotent=True)
def take_back(session: Session, actor: Actor, relocation_id: UUID, entry: TakingBackEntry) -> RelocationOut:
    """Take a move from its driver: it waits for another.

    Raises JobMoved (409) if `from_driver_id` does not have it any more, InvalidTransition once it is done.
    """
    dispatching.take_back(session, actor, JobKind.RELOCATION, relocation_id, entry.from_driver_id)
    return _shown(session, actor, relocation_id)


@routes.post("/relocations/{relocation_id}/finish", relocations.finish, idempotent=True)
def finish(session: Session, actor: Actor, relocation_id: UUID, done_ago: DoneAgo = 0) -> RelocationOut:
    relocations.finish(session, actor, relocation_id, done_at(done_ago))
    return _shown(session, actor, relocation_id)


@routes.post("/relocations/{relocation_id}/cancel", relocations.cancel, idempotent=True)
def cancel(
    session: Session, actor: Actor, relocation_id: UUID, entry: RelocationCancelEntry
) -> RelocationOut:
    relocations.cancel(session, actor, relocation_id, entry)
    return _shown(session, actor, relocation_id)


def _shown(session: Session, actor: Actor, relocation_id: UUID) -> RelocationOut:
    session.flush()
    return queries.find(session, actor, relocation_id)
