"""How somebody wants to be told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find as find_record
from lattis_app.core.errors import Unauthorized
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.channels import Channel, is_configured
from lattis_app.notifications.kinds import Kind, in_order
from lattis_app.notifications.schemas.preferences import ChannelOut, KindOut, PreferencesOut


@requires(Permission.NOTIFICATIONS_INBOX_MANAGE)
def find(session: Session, actor: Actor) -> PreferencesOut:
    """One's own choices for everything one may be told of."""
    if actor.user_id is None:
        raise Unauthorized("Only people are told")
    user = find_record(session, User, actor.user_id)
    addresses = {Channel.EMAIL: user.email, Channel.SMS: user.phone, Channel.WHATSAPP: user.phone}
    return PreferencesOut(
        channels=[
            ChannelOut(channel=channel, configured=is_configured(channel), address=addresses.get(channel))
            for channel in Channel
        ],
        kinds=[
            _shown(kind, user)
            for kind in in_order()
            if any(actor.may(permission) for permission in kind.audience)
        ],
    )


def _shown(kind: Kind, user: User) -> KindOut:
    chosen = user.notification_channels.get(kind.name)
    channels = [Channel(name) for name in (kind.channels if chosen is None else chosen)]
    return KindOut(kind=kind.name, title=kind.title, channels=channels, chosen=chosen is not None)
