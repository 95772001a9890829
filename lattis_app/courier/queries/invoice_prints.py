"""Merchant invoices on paper."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.core.pdf import Addressee, Letterhead
from lattis_app.courier.documents.merchant_invoices import MerchantInvoiceDocument, ParcelLine, render
from lattis_app.courier.models import CourierMerchantInvoice
from lattis_app.courier.queries.merchant_invoices import find, printed_lines
from lattis_app.courier.schemas.invoices import InvoiceLineOut, MerchantInvoiceOut
from lattis_app.identity.permissions import Permission, requires

I = columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table


@dataclass(frozen=True, slots=True)
class Printout:
    """A document ready for the printer."""

    file_name: str
    data: bytes


@requires(Permission.COURIER_INVOICES_READ)
def merchant_invoice(session: Session, actor: Actor, invoice_id: UUID) -> Printout:
    """The invoice as PDF with its first 2,000 lines, as it was frozen when generated. NotFound."""
    invoice = find(session, actor, invoice_id, PageRequest(limit=1))
    lines = printed_lines(session, actor, invoice_id)
    token = session.execute(select(I.check_token).where(I.id == invoice_id)).scalar_one()
    return Printout(f"{invoice.invoice_no}.pdf", render(_document(invoice, lines, link(token))))


def _document(
    invoice: MerchantInvoiceOut, lines: list[InvoiceLineOut], check_url: str
) -> MerchantInvoiceDocument:
    def money(minor: int) -> Money:
        return Money(minor, invoice.currency)

    to = invoice.bill_to
    account = " · ".join(
        part
        for part in (to.get("bank_name"), to.get("bank_account_number"), to.get("bank_account_holder"))
        if part
    )
    return MerchantInvoiceDocument(
        business=Letterhead(**invoice.issuer),
        merchant=Addressee(
            name=to.get("name", ""),
            attention=to.get("contact_name", ""),
            address=to.get("address", ""),
            phone=to.get("phone", ""),
            email=to.get("email", ""),
        ),
        number=invoice.invoice_no,
        status=invoice.invoice_status,
        dated_at=invoice.created_at,
        parcels=invoice.total_parcels,
        collected=money(invoice.total_cod_collected),
        delivery=money(invoice.total_delivery_charges),
        returned=money(invoice.total_return_charges),
        clearance=money(invoice.clearance),
        carried=money(invoice.opening),
        payable=money(invoice.payable_amount),
        lines=tuple(_line(line) for line in lines),
        check_url=check_url,
        left_out=invoice.breakdown_meta.total - len(lines),
        merchant_code=to.get("code", ""),
        bank_account=account,
        paid_at=invoice.paid_at,
        payment_reference=invoice.payment_reference,
        notes=invoice.notes,
    )


def _line(line: InvoiceLineOut) -> ParcelLine:
    amounts = (line.cod_collected, line.delivery_charge, line.return_charge, line.net_payable)
    return ParcelLine(
        line.kind,
        line.tracking_number,
        line.parcel_status,
        *(Money(minor, line.currency) for minor in amounts),
    )
