"""Reminding customers of what they owe (contract: rental.md, "Jobs")."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.rental.models import RentalInvoice
from lattis_app.rental.rules.payment_reminders import LONGEST_LATE, STEPS, step_reached
from lattis_app.rental.services import customer_messages
from lattis_app.rental.statuses import InvoiceStatus

I = columns(RentalInvoice)  # noqa: E741 — one letter per table
UNPAID = (
    customer_messages.joined(
        select(
            I.id,
            I.invoice_number,
            I.check_token,
            I.due_on,
            I.currency,
            (I.total_minor - I.paid_minor).label("balance"),
            I.issuer["name"].astext.label("business"),
            *customer_messages.TOLD,
        ).select_from(RentalInvoice),
        I.customer_id,
    )
    .where(I.status.in_((InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)))
    .order_by(I.due_on, I.invoice_number)
)


def send_due(session: Session, as_of: datetime) -> int:
    """Write to every customer whose invoice has come to a step; each step is written once. Returns how many invoices."""
    today = clock.date_of(as_of)
    first, last = today - timedelta(days=LONGEST_LATE), today - timedelta(days=STEPS[0])
    found = session.execute(UNPAID.where(I.due_on.between(first, last))).all()
    return sum(_remind(session, invoice, today) for invoice in found)


def _remind(session: Session, invoice: Any, today: date) -> bool:
    when, owed = _when(invoice.due_on, today), Money(invoice.balance, invoice.currency)
    about = customer_messages.About(
        kind="payment_reminder",
        subject=f"Invoice {invoice.invoice_number} {when}",
        link=f"/rental/invoices?open={invoice.id}",
        cause=f"payment_reminder/{invoice.id}/{step_reached(invoice.due_on, today)}",
    )
    mailed = customer_messages.email(
        session,
        invoice,
        about,
        f"Dear {invoice.greeted},\n\n{owed} of our invoice "
        f"{invoice.invoice_number} {when}.\n\nThe invoice: {link(invoice.check_token)}\n\n"
        f"If you have paid meanwhile, please disregard this message.\n\n{invoice.business}\n",
    )
    texted = customer_messages.text(
        session,
        invoice,
        about,
        f"{invoice.business}: {owed} of invoice {invoice.invoice_number} {when}. {link(invoice.check_token)}",
    )
    return mailed or texted


def _when(due_on: date, today: date) -> str:
    if due_on == today:
        return "is due today"
    return f"{'is' if due_on > today else 'was'} due on {due_on:%-d %b %Y}"
