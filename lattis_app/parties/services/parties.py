"""Keeping people and companies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.parties.rules import name_key
from lattis_app.parties.schemas.parties import PartyDetails


@requires(Permission.PARTIES_RECORDS_MANAGE)
def create(session: Session, actor: Actor, details: PartyDetails) -> Party:
    """Keep a new person or company."""
    party = Party(
        kind=details.kind,
        name=details.name,
        name_key=name_key(details.name),
        contact_name=details.contact_name,
        phone=details.phone,
        email=details.email,
        address=details.address,
        tax_ids=dict(details.tax_ids),
    )
    session.add(party)
    return party


@requires(Permission.PARTIES_RECORDS_MANAGE)
def update(session: Session, actor: Actor, party_id: UUID, changes: Mapping[str, Any]) -> Party:
    """Change some of a person's or company's details; tax ids given are added to those known."""
    party = find(session, Party, party_id, lock=True)
    for name, value in changes.items():
        setattr(party, name, {**party.tax_ids, **value} if name == "tax_ids" else value)
    party.name_key = name_key(party.name)
    return party
