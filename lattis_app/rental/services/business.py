"""Keeping the business's profile."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import advisory_lock
from lattis_app.core.schemas import minor_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBusiness
from lattis_app.rental.schemas.business import BusinessChanges


@requires(Permission.RENTAL_BUSINESS_MANAGE)
def update(session: Session, actor: Actor, changes: BusinessChanges) -> RentalBusiness:
    """Change the profile that the next documents show."""
    advisory_lock(session, "rental business")
    business = session.scalars(select(RentalBusiness)).one_or_none()
    if business is None:
        business = RentalBusiness(name="Your business")
        session.add(business)
    given = changes.given()
    if "failed_trip_fee" in given:
        business.failed_trip_fee_minor = minor_of(given.pop("failed_trip_fee"))
    for name, value in given.items():
        setattr(business, name, value)
    return business
