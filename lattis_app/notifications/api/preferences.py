"""How one wants to be told, over REST."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.notifications.queries import preferences as queries
from lattis_app.notifications.schemas.preferences import PreferencesEntry, PreferencesOut
from lattis_app.notifications.services import preferences
from lattis_app.web.routing import Routes

routes = Routes("Notifications")


@routes.get("/me/notification-preferences", queries.find)
def find(session: Session, actor: Actor) -> PreferencesOut:
    return queries.find(session, actor)


@routes.patch("/me/notification-preferences", preferences.update)
def update(session: Session, actor: Actor, entry: PreferencesEntry) -> PreferencesOut:
    preferences.update(session, actor, entry)
    session.flush()
    return queries.find(session, actor)
