"""People and companies over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.parties.queries import parties as queries
from lattis_app.parties.schemas.merges import MergeEntry, MergeOut
from lattis_app.parties.schemas.parties import DuplicateOut, DuplicateSigns, PartyFilters, PartyOut
from lattis_app.parties.services import merges
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Parties")


@routes.get("/parties", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[PartyFilters, Query()], request: PageParams
) -> Page[PartyOut]:
    return queries.page(session, actor, filters, request)


@routes.get("/parties/duplicates", queries.find_duplicates)
def find_duplicates(
    session: Session, actor: Actor, typed: Annotated[DuplicateSigns, Query()]
) -> list[DuplicateOut]:
    return queries.find_duplicates(session, actor, typed)


@routes.get("/parties/{party_id}", queries.find)
def find(session: Session, actor: Actor, party_id: UUID) -> PartyOut:
    return queries.find(session, actor, party_id)


@routes.post("/parties/{party_id}/merge", merges.merge, idempotent=True)
def merge(session: Session, actor: Actor, party_id: UUID, entry: MergeEntry) -> MergeOut:
    return merges.merge(session, actor, party_id, entry)
