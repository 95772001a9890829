"""Rental's recurring work (contract: rental.md, "Jobs")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.jobs import job
from lattis_app.core.names import JobName
from lattis_app.rental.services import (
    collection_reminders,
    commissions,
    lorry_alerts,
    order_digests,
    payment_reminders,
    report_schedules,
)


@job(JobName.RENTAL_SEND_COLLECTION_REMINDERS, cron="*/5 * * * *")
def send_collection_reminders(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Tell drivers and dispatchers of bins that are due for collection."""
    return {"sent": collection_reminders.send_due(session, as_of)}


@job(JobName.RENTAL_SCAN_DOCUMENT_EXPIRY, cron="0 6 * * *")
def scan_document_expiry(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Warn of lorries' papers that run out soon or have run out."""
    return {"alerts": lorry_alerts.send_due(session, as_of)}


@job(JobName.RENTAL_SEND_ORDER_DIGEST, cron="0 7 * * *")
def send_order_digest(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Tell the office of delivery orders without an invoice."""
    return {"orders": order_digests.send(session, as_of)}


@job(JobName.RENTAL_SEND_PAYMENT_REMINDERS, cron="0 9 * * *")
def send_payment_reminders(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Remind customers by e-mail of invoices that are due soon, today, or were."""
    return {"sent": payment_reminders.send_due(session, as_of)}


@job(JobName.RENTAL_SEND_SCHEDULED_REPORTS, cron="0 * * * *")
def send_scheduled_reports(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """E-mail the reports that somebody asked for every day, week or month."""
    return dict(report_schedules.send_due(session, as_of))


@job(JobName.RENTAL_SWEEP_COMMISSION_ELIGIBILITY, cron="0 2 * * *")
def sweep_commission_eligibility(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Make commissions eligible that a missed event left pending."""
    return {"eligible": commissions.sweep(session, actor)}
