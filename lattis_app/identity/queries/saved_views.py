"""Finding the views of lists that somebody keeps. The database shows nobody another's."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.models import SavedView
from lattis_app.identity.permissions import Permission, requires

V = columns(SavedView)
MOST_VIEWS = 50


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def saved(session: Session, actor: Actor, list_name: str) -> list[tuple[str, str]]:
    """One's own views of a list as (name, query), by name."""
    statement = select(V.name, V.query).where(V.user_id == actor.user_id, V.list_name == list_name)
    return [(row.name, row.query) for row in session.execute(statement.order_by(V.name).limit(MOST_VIEWS))]
