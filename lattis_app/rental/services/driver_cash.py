"""The cash that drivers hold, for services that decide by it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.db import advisory_lock
from lattis_app.core.money import Money
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.queries import balances


def hold(session: Session, driver_id: UUID, currency: str) -> Money:
    """What a driver holds; nobody else takes from it until the end of the transaction, but more may come in."""
    advisory_lock(session, f"driver cash {driver_id}")
    return Money(balances.held_by(session, Account.DRIVER_CASH, driver_id), currency)
