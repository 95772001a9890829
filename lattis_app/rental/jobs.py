"""Rental's recurring work (contract: rental.md, "Jobs")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.jobs import job
from lattis_app.core.names import JobName
from lattis_app.rental.services import collection_reminders, commissions, payment_reminders


@job(JobName.RENTAL_SEND_COLLECTION_REMINDERS, cron="*/5 * * * *")
def send_collection_reminders(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Tell drivers and dispatchers of bins that are due for collection."""
    return {"sent": collection_reminders.send_due(session, as_of)}


@job(JobName.RENTAL_SEND_PAYMENT_REMINDERS, cron="0 9 * * *")
def send_payment_reminders(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Remind customers by e-mail of invoices that are due soon, today, or were."""
    return {"sent": payment_reminders.send_due(session, as_of)}


@job(JobName.RENTAL_SWEEP_COMMISSION_ELIGIBILITY, cron="0 2 * * *")
def sweep_commission_eligibility(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Make commissions eligible that a missed event left pending."""
    return {"eligible": commissions.sweep(session, actor)}
