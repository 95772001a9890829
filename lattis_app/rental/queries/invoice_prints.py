"""Invoices and receipts on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.pdf import Addressee, Letterhead, Paper
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.documents import invoices as invoice_documents
from lattis_app.rental.documents import receipts as receipt_documents
from lattis_app.rental.documents.invoices import InvoiceCredit, InvoiceDocument, InvoiceLine, InvoicePayment
from lattis_app.rental.documents.receipts import ReceiptDocument
from lattis_app.rental.models import RentalInvoice, RentalReceipt, RentalRefund
from lattis_app.rental.queries import business, customers, invoices, payments
from lattis_app.rental.queries.delivery_order_prints import Printout
from lattis_app.rental.schemas.invoices import InvoiceOut
from lattis_app.rental.statuses import RefundStatus

I, R, F = columns(RentalInvoice), columns(RentalReceipt), columns(RentalRefund)  # noqa: E741 — one letter per table
HEADING = ("name", "roc_number", "sst_no", "address", "email", "phone")


@requires(Permission.RENTAL_INVOICES_READ)
def invoice(session: Session, actor: Actor, invoice_id: UUID, paper: Paper) -> Printout:
    """The invoice as PDF: what was frozen at issue, a draft with the master data of now. NotFound."""
    found = invoices.find(session, actor, invoice_id)
    issuer = found.issuer or business.find(session, SYSTEM).model_dump()
    bill_to = found.bill_to
    if not bill_to:
        customer = customers.find(session, SYSTEM, found.customer_id)
        bill_to = {"name": customer.company_name, "address": customer.address, "phone": customer.phone or ""}
    token = session.execute(select(I.check_token).where(I.id == invoice_id)).scalar_one()
    document = replace(
        _invoice_document(found, _letterhead(issuer), bill_to, issuer.get("bank_details", ""), link(token)),
        credits_=_refunded(session, found) if found.refunded else (),
    )
    return Printout(f"{found.invoice_number or 'draft'}.pdf", invoice_documents.render(document, paper))


@requires(Permission.RENTAL_PAYMENTS_READ, Permission.RENTAL_PAYMENTS_COLLECT)
def receipt(session: Session, actor: Actor, payment_id: UUID, paper: Paper) -> Printout:
    """The receipt as PDF, as it was given. A driver prints only own ones. NotFound."""
    payment = payments.find(session, actor, payment_id)
    given = session.scalars(select(RentalReceipt).where(R.payment_id == payment_id)).one_or_none()
    if given is None:
        raise NotFound.record("Receipt", payment_id)
    content, currency = given.content, given.content["currency"]
    document = ReceiptDocument(
        business=_letterhead(content["business"]),
        customer=Addressee(**content["customer"]),
        number=given.receipt_number,
        received_at=payment.received_at,
        method=content["method"],
        amount=Money(content["amount_minor"], currency),
        check_url=link(given.check_token),
        reference=content["reference"],
        invoice_number=content["invoice_number"] or "",
        invoice_total=_optional(content["invoice_total_minor"], currency),
        delivery_order_number=content["delivery_order_number"] or "",
        balance=_optional(content["balance_minor"], currency),
        received_by=content["received_by"],
    )
    return Printout(f"{given.receipt_number}.pdf", receipt_documents.render(document, paper))


def _optional(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _letterhead(issuer: dict[str, Any]) -> Letterhead:
    values = {name: issuer.get(name) or "" for name in HEADING}
    return Letterhead(**values, time_zone=settings().business_timezone)


def _invoice_document(
    found: InvoiceOut, letterhead: Letterhead, bill_to: dict[str, Any], bank_details: str, check_url: str
) -> InvoiceDocument:
    def money(minor: int) -> Money:
        return Money(minor, found.currency)

    return InvoiceDocument(
        business=letterhead,
        customer=Addressee(
            name=bill_to["name"],
            attention=bill_to.get("contact_name", ""),
            address=bill_to.get("address", ""),
            phone=bill_to.get("phone", ""),
            email=bill_to.get("email", ""),
            sst_no=bill_to.get("sst_no", ""),
        ),
        number=found.invoice_number or "",
        status=found.status,
        dated_at=found.issued_at or found.created_at,
        lines=tuple(
            InvoiceLine(line.description, line.quantity, line.unit, money(line.price), money(line.amount))
            for line in found.lines
        ),
        subtotal=money(found.subtotal),
        tax=money(found.tax),
        total=money(found.total),
        paid=money(found.paid),
        balance=money(found.balance),
        check_url=check_url,
        tax_rate=found.tax_rate,
        due_on=found.due_on,
        payments=_paid(found),
        supplementary=found.supplementary,
        delivery_order_number=found.system_do_number or "",
        book_number=bill_to.get("book_number", ""),
        purchase_order_number=bill_to.get("po_number", ""),
        terms=f"{terms} days" if (terms := bill_to.get("terms_days")) else "",
        payment_instructions=bank_details,
        notes=found.notes,
    )


def _refunded(session: Session, found: InvoiceOut) -> tuple[InvoiceCredit, ...]:
    processed = (
        select(F.processed_at, F.refund_number, F.reason, F.amount_minor)
        .where(F.invoice_id == found.id, F.status == RefundStatus.PROCESSED)
        .order_by(F.processed_at, F.refund_number)
    )
    return tuple(
        InvoiceCredit(clock.date_of(at), number, reason, Money(minor, found.currency))
        for at, number, reason, minor in session.execute(processed)
    )


def _paid(found: InvoiceOut) -> tuple[InvoicePayment, ...]:
    return tuple(
        InvoicePayment(
            payment.received_on,
            payment.method,
            payment.receipt_number,
            payment.reference,
            Money(payment.amount, found.currency),
        )
        for payment in found.payments
    )
