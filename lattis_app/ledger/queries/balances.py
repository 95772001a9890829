"""What the books say."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.models import LedgerEntry

E = columns(LedgerEntry)


def held_by(session: Session, account: Account, holder_id: UUID) -> int:
    """What somebody holds in an account, in minor units."""
    total = select(func.coalesce(func.sum(E.amount_minor), 0)).where(
        E.account == account, E.holder_id == holder_id
    )
    return int(session.scalar(total) or 0)


@requires(Permission.LEDGER_ENTRIES_READ)
def by_account(session: Session, actor: Actor) -> dict[str, int]:
    """The balance of every account, in minor units; together they are zero."""
    sums = session.execute(select(E.account, func.sum(E.amount_minor)).group_by(E.account))
    return {account: int(total) for account, total in sums}
