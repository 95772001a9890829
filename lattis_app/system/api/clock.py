"""The product's clock over REST."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.system.queries import clock as queries
from lattis_app.system.schemas.clock import ClockEntry, ClockOut
from lattis_app.system.services import clock
from lattis_app.web.routing import Routes

routes = Routes("Clock")


@routes.get("/clock", queries.find)
def find(session: Session, actor: Actor) -> ClockOut:
    return queries.find(session, actor)


@routes.put("/clock", clock.move)
def move(session: Session, actor: Actor, entry: ClockEntry) -> ClockOut:
    clock.move(session, actor, entry)
    return queries.find(session, actor)
