"""Keeping other people's lorries (seed: "Rentable Lorries")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.schemas import minor_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalRentableLorry
from lattis_app.rental.schemas.rentable_lorries import RentableLorryChanges, RentableLorryEntry

RATES = {"daily_rate": "daily_rate_minor", "trip_rate": "trip_rate_minor"}


@requires(Permission.RENTAL_LORRIES_MANAGE)
def create(session: Session, actor: Actor, entry: RentableLorryEntry) -> RentalRentableLorry:
    """Add a lorry that can be hired. The registration number is unique: Conflict."""
    lorry = RentalRentableLorry(
        registration_no=entry.registration_no,
        owner_name=entry.owner_name,
        owner_phone=entry.owner_phone or "",
        type=entry.type,
        capacity_kg=entry.capacity_kg,
        daily_rate_minor=minor_of(entry.daily_rate),
        trip_rate_minor=minor_of(entry.trip_rate),
        notes=entry.notes or "",
    )
    session.add(lorry)
    return lorry


@requires(Permission.RENTAL_LORRIES_MANAGE)
def update(
    session: Session, actor: Actor, rentable_lorry_id: UUID, changes: RentableLorryChanges
) -> RentalRentableLorry:
    """Change a rentable lorry, its owner or its rates."""
    lorry = find(session, RentalRentableLorry, rentable_lorry_id, lock=True)
    for name, value in changes.given().items():
        if name in RATES:
            setattr(lorry, RATES[name], minor_of(value))
        else:
            setattr(lorry, name, value)
    return lorry
