"""Keeping views of lists."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.identity.models import SavedView
from lattis_app.identity.permissions import Permission, requires
from lattis_app.identity.queries.saved_views import MOST_VIEWS

V = columns(SavedView)
LONGEST = {"list_name": 60, "name": 60, "query": 2000}


class TooManyViews(PreconditionFailed):
    """A list holds no more views of one person."""


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def save(session: Session, actor: Actor, list_name: str, name: str, query: str) -> None:
    """Keep a view of a list under a name; the same name is replaced."""
    given = {"list_name": list_name, "name": name.strip(), "query": query}
    problems = [
        (field, f"must have at most {most} characters")
        for field, most in LONGEST.items()
        if len(given[field]) > most
    ]
    if not given["name"]:
        problems.append(("name", "must not be empty"))
    if problems:
        raise Invalid.fields(problems)
    others = select(func.count()).where(
        V.user_id == actor.user_id, V.list_name == list_name, V.name != given["name"]
    )
    if session.execute(others).scalar_one() >= MOST_VIEWS:
        raise TooManyViews(f"A list keeps at most {MOST_VIEWS} views; remove one first")
    now = clock.now()
    kept = insert(SavedView).values(
        id=uuid4(), user_id=actor.user_id, created_at=now, updated_at=now, **given
    )
    session.execute(
        kept.on_conflict_do_update(
            index_elements=["user_id", "list_name", "name"], set_={"query": query, "updated_at": now}
        )
    )


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def remove(session: Session, actor: Actor, list_name: str, name: str) -> None:
    """Forget one of one's own views; one that is not there is forgotten already."""
    session.execute(
        delete(SavedView).where(V.user_id == actor.user_id, V.list_name == list_name, V.name == name)
    )
