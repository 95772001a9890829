"""Reminding sellers two days before an invoice is due (contract: marketplace.md, "Due")."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import act_as
from lattis_app.core.db import columns, unit_of_work
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.services import seller_messages
from lattis_app.marketplace.statuses import InvoiceStatus

I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
DAYS_BEFORE = 2
AT_ONCE = 250
"""So many are reminded in a transaction of their own: what died goes on, and nobody waits for all."""
REMINDERS = UUID("3f6f5f0e-1f6a-4b0e-9f2e-8a4c6f0b7d21")
"""Names the reminder of each invoice and due date, so that nobody is told twice."""
DUE_SOON = (
    select(I.id, I.invoice_number, I.seller_id, I.total_minor, I.base_currency, I.due_on)
    .where(
        I.status == InvoiceStatus.PENDING,
        I.due_on.between(bindparam("first"), bindparam("last")),
        tuple_(I.due_on, I.invoice_number) > tuple_(bindparam("after_on"), bindparam("after_number")),
    )
    .order_by(I.due_on, I.invoice_number)
    .limit(bindparam("at_once"))
)


@requires(Permission.MARKETPLACE_INVOICES_MANAGE)
def send_due(session: Session, actor: Actor, as_of: datetime) -> int:
    """Remind every seller whose invoice is due in two days or less; each is told once. Returns how many were."""
    today = clock.date_of(as_of, ZONE)
    due = {"first": today, "last": today + timedelta(days=DAYS_BEFORE)}
    after: tuple[date, str] | None = (today, "")
    told = 0
    while after is not None:
        with unit_of_work() as step:
            act_as(step, actor)
            reminded, after = _step(step, due, after)
        told += reminded
    return told


def _step(
    session: Session, due: dict[str, date], after: tuple[date, str]
) -> tuple[int, tuple[date, str] | None]:
    """Remind the next sellers; the last invoice of them, or None when there are no more."""
    found = session.execute(
        DUE_SOON, {**due, "after_on": after[0], "after_number": after[1], "at_once": AT_ONCE}
    ).all()
    told = sum(
        seller_messages.tell_of_invoice(
            session,
            SYSTEM,
            seller_messages.DUE_SOON,
            invoice,
            event_id=uuid5(REMINDERS, f"{invoice.id} {invoice.due_on}"),
        )
        for invoice in found
    )
    is_full = len(found) == AT_ONCE
    return told, (found[-1].due_on, found[-1].invoice_number) if is_full else None
