"""Deciding for the whole marketplace: deadline, rate, fees, and whose word counts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import advisory_lock
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceSettings
from lattis_app.marketplace.queries import settings as queries
from lattis_app.marketplace.schemas.settings import SettingsChanges


@requires(Permission.MARKETPLACE_SETTINGS_MANAGE)
def update(session: Session, actor: Actor, changes: SettingsChanges) -> MarketplaceSettings:
    """Change what counts from the next delivery and the next run on."""
    advisory_lock(session, "marketplace settings")
    settings = queries.current(session)
    session.add(settings)
    for name, value in changes.given().items():
        setattr(settings, name, value)
    return settings
