"""The ledger's recurring work (contract: api.md, "Ledger")."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.jobs import job
from lattis_app.core.money import Money
from lattis_app.core.names import JobName
from lattis_app.identity.permissions import Permission
from lattis_app.ledger.queries import checks
from lattis_app.ledger.schemas.checks import CheckOut
from lattis_app.notifications.kinds import Kind, declare
from lattis_app.notifications.services import notifications

declare(Kind(JobName.LEDGER_CHECK_BALANCES, "The books do not agree", (Permission.LEDGER_ENTRIES_READ,)))
ALARMS = UUID("5d1f1f0e-6f2c-4a39-9a2e-3a5f6f0b7c11")
"""Names the alarm of each day, so that nobody is told twice."""


@job(JobName.LEDGER_CHECK_BALANCES, cron="40 2 * * *")
def check_balances(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Compare the books with zero and with every module's own records."""
    result = checks.check(session, actor)
    found = findings(result)
    if found:
        notifications.notify(
            session,
            actor,
            users=Permission.LEDGER_ENTRIES_READ,
            kind=JobName.LEDGER_CHECK_BALANCES,
            title="The books do not agree with the records",
            body="; ".join(found),
            link="/system/jobs",
            tone="bad",
            event_id=uuid5(ALARMS, clock.date_of(as_of).isoformat()),
        )
    return {
        "status": result.status,
        "transactions": result.transactions,
        "entries": sum(each.entries for each in result.sums),
        "accounts": len(result.accounts),
        **({"findings": "; ".join(found)} if found else {}),
    }


def findings(result: CheckOut) -> list[str]:
    """What does not agree, a sentence each."""
    return [
        *(f"all entries add up to {Money(each.sum, each.currency)}" for each in result.sums if each.sum),
        *(
            f"transaction {each.transaction_id} ({each.kind}) adds up to {Money(each.sum, each.currency)}"
            for each in result.unbalanced
        ),
        *(
            f"{each.account} differs for {each.owners_differing} by {Money(each.difference, each.currency)} in all"
            for each in result.accounts
            if each.owners_differing
        ),
    ]
