"""Reminding sellers two days before an invoice is due (contract: marketplace.md, "Due")."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.services import seller_messages
from lattis_app.marketplace.statuses import InvoiceStatus

I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
DAYS_BEFORE = 2
REMINDERS = UUID("3f6f5f0e-1f6a-4b0e-9f2e-8a4c6f0b7d21")
"""Names the reminder of each invoice and due date, so that nobody is told twice."""
DUE_SOON = (
    select(I.id, I.invoice_number, I.seller_id, I.total_minor, I.base_currency, I.due_on)
    .where(I.status == InvoiceStatus.PENDING, I.due_on.between(bindparam("first"), bindparam("last")))
    .order_by(I.due_on, I.invoice_number)
)


@requires(Permission.MARKETPLACE_INVOICES_MANAGE)
def send_due(session: Session, actor: Actor, as_of: datetime) -> int:
    """Remind every seller whose invoice is due in two days or less; each is told once. Returns how many were."""
    today = clock.date_of(as_of, ZONE)
    due = session.execute(DUE_SOON, {"first": today, "last": today + timedelta(days=DAYS_BEFORE)}).all()
    return sum(
        seller_messages.tell_of_invoice(
            session,
            SYSTEM,
            seller_messages.DUE_SOON,
            invoice,
            event_id=uuid5(REMINDERS, f"{invoice.id} {invoice.due_on}"),
        )
        for invoice in due
    )
