"""Choosing how one is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.errors import Invalid, Unauthorized
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.kinds import KINDS
from lattis_app.notifications.schemas.preferences import PreferencesEntry


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def update(session: Session, actor: Actor, entry: PreferencesEntry) -> None:
    """Choose the channels of some kinds; the others stay as they are. Raises Invalid for an unknown kind."""
    if actor.user_id is None:
        raise Unauthorized("Only people are told")
    known = {kind.name for kind in KINDS.values() if any(actor.may(each) for each in kind.audience)}
    if unknown := sorted(entry.kinds.keys() - known):
        raise Invalid.fields((f"kinds.{name}", "is nothing you are told of") for name in unknown)
    user = find(session, User, actor.user_id, lock=True)
    chosen = dict(user.notification_channels)
    for name, channels in entry.kinds.items():
        if channels is None:
            chosen.pop(name, None)
        else:
            chosen[name] = [channel.value for channel in Channel if channel in channels]
    user.notification_channels = chosen
