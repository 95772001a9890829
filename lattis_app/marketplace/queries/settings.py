"""What an admin decided for the whole marketplace."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceSettings
from lattis_app.marketplace.schemas.settings import SettingsOut
from lattis_app.marketplace.statuses import SellerMarkPaid


@requires(Permission.MARKETPLACE_SETTINGS_MANAGE, Permission.MARKETPLACE_INVOICES_READ)
def find(session: Session, actor: Actor) -> SettingsOut:
    """The settings, or what they are before anybody changed them."""
    return SettingsOut.model_validate(current(session))


@requires(Permission.MARKETPLACE_OWN_INVOICES_PAY)
def are_payments_verified(session: Session, actor: Actor) -> bool:
    """Whether an administrator confirms what a seller says of having paid."""
    return current(session).seller_mark_paid == SellerMarkPaid.VERIFY


def current(session: Session) -> MarketplaceSettings:
    """The one row, or a new one with the usual values."""
    return session.scalars(select(MarketplaceSettings)).one_or_none() or MarketplaceSettings()
