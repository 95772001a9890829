"""Finding people and companies, and those that may be the same."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.db import find as find_record
from lattis_app.core.normal import normal_email, try_phone
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.parties.rules import name_key

P = columns(Party)
MOST_HINTS = 5


@requires(Permission.PARTIES_RECORDS_READ)
def find(session: Session, actor: Actor, party_id: UUID) -> Party:
    """One person or company, or NotFound."""
    return find_record(session, Party, party_id)


@requires(Permission.PARTIES_RECORDS_READ)
def find_duplicates(
    session: Session,
    actor: Actor,
    name: str = "",
    phone: str = "",
    email: str = "",
    apart_from: UUID | None = None,
) -> list[Party]:
    """Who may be the same: same phone, same e-mail or near-equal name. At most five, oldest first."""
    signs = []
    if key := name_key(name):
        signs.append(P.name_key == key)
    if number := try_phone(phone):
        signs.append(P.phone == number)
    if "@" in email:
        signs.append(P.email == normal_email(email))
    if not signs:
        return []
    statement = select(Party).where(or_(*signs), P.merged_into_id.is_(None))
    if apart_from:
        statement = statement.where(P.id != apart_from)
    return list(session.scalars(statement.order_by(P.created_at).limit(MOST_HINTS)))
