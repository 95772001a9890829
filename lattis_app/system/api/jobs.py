"""Jobs and failed deliveries over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.system.queries import jobs as queries
from lattis_app.system.schemas.jobs import DeliveryOut, JobOut, ReplayedOut, RunEntry, RunFilters, RunOut
from lattis_app.system.services import jobs
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Jobs")


@routes.get("/jobs", queries.every)
def every(session: Session, actor: Actor) -> list[JobOut]:
    return queries.every(session, actor)


@routes.get("/jobs/runs", queries.runs)
def runs(
    session: Session, actor: Actor, filters: Annotated[RunFilters, Query()], request: PageParams
) -> Page[RunOut]:
    return queries.runs(session, actor, filters, request)


@routes.post("/jobs/{name}/run", jobs.run, idempotent=True)
def run(session: Session, actor: Actor, name: str, entry: RunEntry | None = None) -> RunOut:
    return RunOut.model_validate(jobs.run(session, actor, name, entry or RunEntry()))


@routes.get("/jobs/failed-deliveries", queries.failed_deliveries)
def failed_deliveries(session: Session, actor: Actor, request: PageParams) -> Page[DeliveryOut]:
    return queries.failed_deliveries(session, actor, request)


@routes.post("/jobs/failed-deliveries/{event_id}/replay", jobs.replay, status=202)
def replay(session: Session, actor: Actor, event_id: UUID) -> ReplayedOut:
    jobs.replay(session, actor, event_id)
    return ReplayedOut(event_id=event_id)
