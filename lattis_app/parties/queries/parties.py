"""Finding people and companies, and those that may be the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, case, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.normal import try_phone
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.parties.rules import name_key
from lattis_app.parties.schemas.parties import DuplicateOut, DuplicateSigns, PartyFilters, PartyOut

P = columns(Party)
MOST_HINTS = 5
SHORTEST_BEGINNING = 4
SORTS: dict[str, SQLColumnExpression[Any]] = {"name": P.name, "created_at": P.created_at}
SHOWN = select(
    P.id,
    P.kind,
    case((P.merged_into_id.is_(None), "active"), else_="merged").label("status"),
    P.name,
    P.contact_name,
    P.phone,
    P.email,
    P.address,
    P.tax_ids,
    P.merged_into_id,
    P.created_at,
    P.updated_at,
)


@requires(Permission.PARTIES_RECORDS_READ)
def page(session: Session, actor: Actor, filters: PartyFilters, request: PageRequest) -> Page[PartyOut]:
    """List people and companies, by name unless asked otherwise. Sorts: name, created_at."""
    statement = SHOWN.where(P.merged_into_id.is_(None))
    if filters.kind:
        statement = statement.where(P.kind == filters.kind)
    if filters.q:
        signs = [
            P.name.icontains(filters.q, autoescape=True),
            P.contact_name.icontains(filters.q, autoescape=True),
            P.email.startswith(filters.q.lower(), autoescape=True),
        ]
        if number := try_phone(filters.q):
            signs.append(P.phone == number)
        statement = statement.where(or_(*signs))
    ordered = sorted_by(statement, request.sort, SORTS, "name", P.id)
    return paginate(session, ordered, request).map(lambda row: PartyOut(**row._mapping))


@requires(Permission.PARTIES_RECORDS_READ)
def find(session: Session, actor: Actor, party_id: UUID) -> PartyOut:
    """One person or company, or NotFound."""
    row = session.execute(SHOWN.where(P.id == party_id)).one_or_none()
    if row is None:
        raise NotFound.record("Party", party_id)
    return PartyOut(**row._mapping)


@requires(Permission.PARTIES_RECORDS_READ)
def current(session: Session, actor: Actor, party_id: UUID) -> PartyOut:
    """One person or company, or who took their place; NotFound."""
    found = find(session, actor, party_id)
    return found if found.merged_into_id is None else find(session, actor, found.merged_into_id)


@requires(Permission.PARTIES_RECORDS_READ)
def find_duplicates(session: Session, actor: Actor, typed: DuplicateSigns) -> list[DuplicateOut]:
    """Who may be the same: same phone, same e-mail, or a name that is equal or begins so. At most five, oldest first."""
    email = typed.email.strip().lower() if "@" in typed.email else ""
    signs: dict[str, tuple[ColumnElement[Any], str | None]] = {
        "name": (P.name_key, name_key(typed.name)),
        "phone": (P.phone, try_phone(typed.phone)),
        "email": (P.email, email),
    }
    given = {field: (column, value) for field, (column, value) in signs.items() if value}
    if not given:
        return []
    same = [column == value for column, value in given.values()]
    key = name_key(typed.name)
    if len(key) >= SHORTEST_BEGINNING:
        same.append(P.name_key.startswith(key, autoescape=True))
    statement = select(P.id, P.name, P.name_key, P.phone, P.email).where(
        or_(*same), P.merged_into_id.is_(None)
    )
    if typed.apart_from:
        statement = statement.where(P.id != typed.apart_from)
    rows = session.execute(statement.order_by(P.created_at, P.id).limit(MOST_HINTS))
    return [
        DuplicateOut(
            **{key: row._mapping[key] for key in ("id", "name", "phone", "email")},
            because=[
                field
                for field, (column, value) in given.items()
                if row._mapping[str(column.key)] == value
                or (field == "name" and row.name_key.startswith(key))
            ],
        )
        for row in rows
    ]
