"""What customers get by mail and on their phones when something happens in rental."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.core.events import subscribe
from lattis_app.core.files import PDF, MadeFile, made
from lattis_app.core.money import Money
from lattis_app.core.pdf import Paper
from lattis_app.notifications.services.enclosures import printed_later, register_print
from lattis_app.rental.events import DoProgressed, InvoiceIssued, PaymentReceived
from lattis_app.rental.models import (
    RentalBin,
    RentalDeliveryOrder,
    RentalDriver,
    RentalInvoice,
    RentalLorry,
    RentalPayment,
    RentalReceipt,
)
from lattis_app.rental.queries import business, invoice_prints
from lattis_app.rental.services import customer_messages
from lattis_app.rental.services.customer_messages import About
from lattis_app.rental.statuses import FulfilmentStatus, InvoiceStatus

R, Y, I = columns(RentalReceipt), columns(RentalPayment), columns(RentalInvoice)  # noqa: E741 — one letter per table
D, N, DR, L = columns(RentalDeliveryOrder), columns(RentalBin), columns(RentalDriver), columns(RentalLorry)
STANDING = (
    InvoiceStatus.ISSUED,
    InvoiceStatus.PARTIALLY_PAID,
    InvoiceStatus.PAID,
    InvoiceStatus.CLOSED,
)
INVOICE_PRINT = "rental.invoice"
NEWS_FOR = timedelta(hours=2)
"""A bin that was on its way two hours ago has come."""
RECEIPT = customer_messages.joined(
    select(
        R.receipt_number,
        R.check_token,
        R.content["business"]["name"].astext.label("business"),
        Y.amount_minor,
        Y.currency,
        *customer_messages.TOLD,
    ).join_from(RentalReceipt, RentalPayment, R.payment_id == Y.id),
    Y.customer_id,
).where(R.payment_id == bindparam("id"))
INVOICE = customer_messages.joined(
    select(
        I.id,
        I.invoice_number,
        I.check_token,
        I.due_on,
        I.total_minor,
        I.paid_minor,
        I.currency,
        I.issuer["name"].astext.label("business"),
        *customer_messages.TOLD,
    ).select_from(RentalInvoice),
    I.customer_id,
).where(I.id == bindparam("id"), I.status.in_(STANDING))
JOB = (
    customer_messages.joined(
        select(
            D.id,
            D.system_do_number.label("number"),
            D.fulfilment_status,
            D.expected_return_on,
            D.exchange_of_id,
            N.serial_number.label("bin"),
            DR.name.label("driver"),
            L.registration_no.label("lorry"),
            *customer_messages.TOLD,
        ).join_from(RentalDeliveryOrder, RentalBin, D.bin_id == N.id),
        D.customer_id,
    )
    .outerjoin(RentalDriver, D.driver_id == DR.id)
    .outerjoin(RentalLorry, D.lorry_id == L.id)
    .where(D.id == bindparam("id"))
)


@subscribe(PaymentReceived)
def send_receipt(session: Session, actor: Actor, received: PaymentReceived) -> None:
    """A customer with an e-mail address gets the receipt, with the link that proves it."""
    receipt = session.execute(RECEIPT, {"id": received.entity_id}).one_or_none()
    if receipt is not None:
        about = About(
            kind="receipt",
            subject=f"Receipt {receipt.receipt_number} from {receipt.business}",
            link=f"/rental/payments?open={received.entity_id}",
        )
        customer_messages.email(
            session,
            receipt,
            about,
            f"Dear {receipt.greeted},\n\nthank you: we have received "
            f"{Money(receipt.amount_minor, receipt.currency)}.\n\n"
            f"Your receipt {receipt.receipt_number}: {link(receipt.check_token)}\n\n{receipt.business}\n",
        )


@subscribe(InvoiceIssued)
def send_invoice(session: Session, actor: Actor, issued: InvoiceIssued) -> None:
    """A customer with an e-mail address gets the invoice as PDF, if the business sends its invoices so."""
    invoice = session.execute(INVOICE, {"id": issued.entity_id}).one_or_none()
    if invoice is None or not (invoice.email and invoice.email_messages):
        return
    if not business.find(session, SYSTEM).email_invoices:
        return
    about = About(
        kind="invoice",
        subject=f"Invoice {invoice.invoice_number} from {invoice.business}",
        link=f"/rental/invoices?open={invoice.id}",
        prints=printed_later(INVOICE_PRINT, invoice.id),
    )
    customer_messages.email(
        session,
        invoice,
        about,
        f"Dear {invoice.greeted},\n\nplease find attached our invoice {invoice.invoice_number} of "
        f"{Money(invoice.total_minor, invoice.currency)}. {_what_is_due(invoice)}\n\n"
        f"The invoice: {link(invoice.check_token)}\n\n{invoice.business}\n",
    )


def _print_invoice(session: Session, invoice_id: UUID) -> MadeFile:
    printed = invoice_prints.invoice(session, SYSTEM, invoice_id, Paper.A4)
    return made(printed.file_name, PDF, printed.data)


register_print(INVOICE_PRINT, _print_invoice)


def _what_is_due(invoice: Any) -> str:
    paid = Money(invoice.paid_minor, invoice.currency)
    open_ = Money(invoice.total_minor - invoice.paid_minor, invoice.currency)
    if not open_:
        return "It is paid: thank you."
    due = _day(invoice.due_on)
    return f"{paid} is paid; {open_} is due on {due}." if paid else f"It is due on {due}."


@subscribe(DoProgressed)
def tell_customer_of_job(session: Session, actor: Actor, progressed: DoProgressed) -> None:
    """A customer learns on the phone that a bin is on its way, was delivered, was collected; while that is news."""
    job = session.execute(JOB, {"id": progressed.entity_id}).one_or_none()
    if job is None or job.fulfilment_status != progressed.fulfilment_status:
        return
    news = _news_of(job)
    if news is not None:
        headline, told = news
        about = About(
            kind="job_step",
            subject=f"{job.number}: {headline}",
            link=f"/rental/delivery-orders?open={job.id}",
        )
        sender = business.find(session, SYSTEM).name
        customer_messages.text(session, job, about, f"{sender}: {told} ({job.number})", NEWS_FOR)


def _news_of(job: Any) -> tuple[str, str] | None:
    match job.fulfilment_status:
        case FulfilmentStatus.STARTED:
            crew = ", ".join(part for part in (job.driver, job.lorry) if part)
            what = f"bin {job.bin} is on its way to you"
            takes = ", and the full one will be taken back" if job.exchange_of_id else ""
            return "bin on its way", f"{what}{takes}. Driver: {crew}."
        case FulfilmentStatus.DELIVERED:
            back = _day(job.expected_return_on)
            return "bin delivered", f"bin {job.bin} was delivered. We expect it back on {back}."
        case FulfilmentStatus.COLLECTED:
            return "bin collected", f"bin {job.bin} was collected. Thank you."
    return None


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
