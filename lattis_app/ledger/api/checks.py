"""Checking the books over REST."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.ledger.queries import checks as queries
from lattis_app.ledger.schemas.checks import CheckOut
from lattis_app.web.routing import Routes

routes = Routes("Ledger")


@routes.get("/ledger/check", queries.check)
def check(session: Session, actor: Actor) -> CheckOut:
    return queries.check(session, actor)
