"""Where merchants stand, over REST."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.courier.queries import merchants
from lattis_app.courier.queries import standings as queries
from lattis_app.courier.schemas.merchants import MerchantStanding, WeekOut
from lattis_app.web.routing import Routes

routes = Routes("Merchants")


@routes.get("/merchants/{merchant_id}/standing", queries.find)
def standing(session: Session, actor: Actor, merchant_id: UUID) -> MerchantStanding:
    merchants.find(session, actor, merchant_id)
    return queries.find(session, actor, merchant_id)


@routes.get("/merchants/{merchant_id}/weeks", queries.weeks)
def weeks(session: Session, actor: Actor, merchant_id: UUID) -> list[WeekOut]:
    merchants.find(session, actor, merchant_id)
    return queries.weeks(session, actor, merchant_id)
