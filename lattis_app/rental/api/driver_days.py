"""The driver's own day over REST."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.rental.queries import driver_days
from lattis_app.rental.schemas.driver_days import DriverDayOut
from lattis_app.web.routing import Routes

routes = Routes("Delivery orders")


@routes.get("/me/day", driver_days.own)
def own(session: Session, actor: Actor) -> DriverDayOut:
    return driver_days.own(session, actor)
