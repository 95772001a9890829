"""Marketplace's recurring work, in its own time zone (contract: marketplace.md; seed 003, "Weekly Cycle")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.jobs import job
from lattis_app.core.names import JobName
from lattis_app.marketplace.queries import runs
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.services import generation, overdue, reminders


def preview_weekly_invoices(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """What a run would bill."""
    return runs.count_due(session, actor, as_of).model_dump(mode="json")


@job(
    JobName.MARKETPLACE_GENERATE_WEEKLY_INVOICES,
    cron="0 0 * * mon",
    zone=ZONE,
    preview=preview_weekly_invoices,
)
def generate_weekly_invoices(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Bill sellers for the weeks that have ended."""
    return generation.generate_due(session, actor, as_of).told()


@job(JobName.MARKETPLACE_MARK_OVERDUE, cron="0 1 * * *", zone=ZONE)
def mark_overdue(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Mark sellers' invoices that were not paid in time, and restrict their sellers."""
    return overdue.mark(session, actor, as_of)


@job(JobName.MARKETPLACE_SEND_PAYMENT_REMINDERS, cron="0 9 * * *", zone=ZONE)
def send_payment_reminders(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Remind sellers of invoices that are due in two days."""
    return {"sent": reminders.send_due(session, actor, as_of)}
