"""The business's profile over REST."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.rental.queries import business as queries
from lattis_app.rental.schemas.business import BusinessChanges, BusinessOut
from lattis_app.rental.services import business
from lattis_app.web.routing import Routes

routes = Routes("Business")


@routes.get("/business", queries.find)
def find(session: Session, actor: Actor) -> BusinessOut:
    return queries.find(session, actor)


@routes.patch("/business", business.update)
def update(session: Session, actor: Actor, changes: BusinessChanges) -> BusinessOut:
    business.update(session, actor, changes)
    session.flush()
    return queries.find(session, actor)
