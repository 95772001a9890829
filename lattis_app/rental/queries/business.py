"""Reading the business's profile."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBusiness
from lattis_app.rental.schemas.business import BusinessOut

UNNAMED = RentalBusiness(name="Your business")
B = columns(RentalBusiness)
THE_ONE = select(RentalBusiness)


@requires(Permission.RENTAL_BUSINESS_READ)
def find(session: Session, actor: Actor) -> BusinessOut:
    """The profile; an unnamed one until somebody writes it."""
    business = _known(session) or UNNAMED
    values = {name: getattr(business, name) for name in BusinessOut.model_fields if name != "failed_trip_fee"}
    return BusinessOut(**values, failed_trip_fee=business.failed_trip_fee_minor)


def _known(session: Session) -> RentalBusiness | None:
    """The one row, read once per transaction: every document of it shows the same profile."""
    known: RentalBusiness | None = session.info.get("rental_business")
    if known is None or known not in session:
        known = session.scalars(THE_ONE).one_or_none()
        session.info["rental_business"] = known
    return known
