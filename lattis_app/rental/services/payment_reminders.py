"""Reminding customers of what they owe (contract: rental.md, "Jobs")."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.services import messages
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer, RentalInvoice
from lattis_app.rental.queries.checks import link
from lattis_app.rental.rules.payment_reminders import LONGEST_LATE, STEPS, step_reached
from lattis_app.rental.statuses import InvoiceStatus

I, C, P = columns(RentalInvoice), columns(RentalCustomer), columns(Party)  # noqa: E741 — one letter per table
UNPAID = (
    select(
        I.id,
        I.invoice_number,
        I.check_token,
        I.due_on,
        I.currency,
        (I.total_minor - I.paid_minor).label("balance"),
        I.issuer["name"].astext.label("business"),
        P.name,
        func.coalesce(func.nullif(P.contact_name, ""), P.name).label("greeted"),
        P.email,
    )
    .join_from(RentalInvoice, RentalCustomer, C.id == I.customer_id)
    .join(Party, P.id == C.party_id)
    .where(I.status.in_((InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)), P.email.is_not(None))
    .order_by(I.due_on, I.invoice_number)
)


def send_due(session: Session, as_of: datetime) -> int:
    """Write to every customer whose invoice has come to a step; each step is written once. Returns how many."""
    today = clock.date_of(as_of)
    first, last = today - timedelta(days=LONGEST_LATE), today - timedelta(days=STEPS[0])
    found = session.execute(UNPAID.where(I.due_on.between(first, last))).all()
    return sum(_remind(session, invoice, today) for invoice in found)


def _remind(session: Session, invoice: Any, today: date) -> bool:
    step = step_reached(invoice.due_on, today)
    written = messages.write(
        session,
        SYSTEM,
        channel=Channel.EMAIL,
        address=invoice.email,
        name=invoice.name,
        kind="payment_reminder",
        subject=f"Invoice {invoice.invoice_number} {_when(invoice.due_on, today)}",
        body=f"Dear {invoice.greeted},\n\n{Money(invoice.balance, invoice.currency)} of our invoice "
        f"{invoice.invoice_number} {_when(invoice.due_on, today)}.\n\nThe invoice: {link(invoice.check_token)}\n\n"
        f"If you have paid meanwhile, please disregard this message.\n\n{invoice.business}\n",
        link=f"/rental/invoices?open={invoice.id}",
        cause=f"payment_reminder/{invoice.id}/{step}",
    )
    return written is not None


def _when(due_on: date, today: date) -> str:
    if due_on == today:
        return "is due today"
    return f"{'is' if due_on > today else 'was'} due on {due_on:%-d %b %Y}"
