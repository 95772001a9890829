"""Merchant invoices as text: lines of lists, the facts of one, and its breakdown by parcel."""

from __future__ import annotations

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.pages.words import PARCEL, invoice_status, owed
from lattis_app.courier.schemas.invoices import InvoiceLineOut, MerchantInvoiceOut, MerchantInvoiceRow
from lattis_app.courier.statuses import (
    INVOICE_LIFECYCLE,
    LineKind,
    MerchantInvoiceStatus,
    ParcelStatus,
    SettledBy,
)
from lattis_app.ui import moments
from lattis_app.ui.records import Step, lifecycle_steps
from lattis_app.ui.values import dash

HOW_IN_WORDS = {
    SettledBy.PAYOUT: "Paid out",
    SettledBy.MERCHANT_PAYMENT: "Paid by the merchant",
    SettledBy.CARRIED: "Carried to the next invoice",
}


def row(invoice: MerchantInvoiceRow, *, to_merchant: bool = False) -> dict[str, str]:
    """One line of a list; below nothing it says who owes."""

    def figures(minor: int) -> str:
        return Money(minor, invoice.currency).figures()

    word, tone = invoice_status(invoice, to_merchant=to_merchant)
    taken = invoice.total_delivery_charges + invoice.total_return_charges
    return {
        "id": str(invoice.id),
        "number": invoice.invoice_no,
        "merchant": invoice.merchant_name,
        "created_at": moments.day(invoice.generated_on),
        "status": word,
        "status_tone": tone,
        "parcels": f"{invoice.total_parcels:,}",
        "besides": besides(invoice),
        "collected": figures(invoice.total_cod_collected),
        "charges": figures(-taken),
        "payable_amount": figures(invoice.payable_amount),
    }


def besides(invoice: MerchantInvoiceRow) -> str:
    """What else than parcels makes up the amount: corrections, and what was carried forward."""
    count = invoice.clearance_count
    corrections = say("1 correction") if count == 1 else say("{count} corrections", count=count)
    parts = (corrections if count else "", say("Carried forward") if invoice.opening else "")
    return " · ".join(part for part in parts if part)


def own_row(invoice: MerchantInvoiceRow) -> dict[str, str]:
    """One line of a merchant's own list."""
    return row(invoice, to_merchant=True)


def facts(invoice: MerchantInvoiceOut, *, to_merchant: bool = False) -> dict[str, str]:
    """An invoice as label and value."""

    def text(minor: int) -> str:
        return Money(minor, invoice.currency).text()

    invoices = "/merchant/invoices" if to_merchant else "/courier/invoices"
    return row(invoice, to_merchant=to_merchant) | {
        "delivered": f"{invoice.delivered_count:,}",
        "returned": f"{invoice.returned_count:,}",
        "corrected": f"{invoice.clearance_count:,}" if invoice.clearance_count else "",
        "collected_text": text(invoice.total_cod_collected),
        "delivery_text": text(-invoice.total_delivery_charges),
        "return_text": text(-invoice.total_return_charges),
        "clearance_text": text(invoice.clearance) if invoice.clearance_count else "",
        "opening_text": text(invoice.opening) if invoice.opening else "",
        "payable_text": text(invoice.payable_amount),
        "payable_words": owed(invoice.payable_amount, invoice.currency, to_merchant=to_merchant),
        "is_owed": "true" if invoice.payable_amount < 0 else "",
        "to_pay": str(abs(Money(invoice.payable_amount, invoice.currency).decimal)),
        "generated_by": dash(invoice.generated_by),
        "settled": say(HOW_IN_WORDS[invoice.settled_by]) if invoice.settled_by else "",
        "paid_at": moments.moment(invoice.paid_at) if invoice.paid_at else "",
        "reference": dash(invoice.payment_reference),
        "notes": invoice.notes,
        "cancel_reason": invoice.cancel_reason,
        "carried_to": invoice.carried_to_invoice_no or "",
        "carried_to_href": f"{invoices}?open={invoice.carried_to_invoice_id}",
        "merchant_href": f"/courier/merchants?open={invoice.merchant_id}",
        "parcels_href": f"/courier/parcels?invoice_id={invoice.id}",
        "pdf": f"/v1/merchant-invoices/{invoice.id}/pdf",
    }


def steps(invoice: MerchantInvoiceOut, *, to_merchant: bool = False) -> list[Step]:
    """Where the invoice stands."""
    drawn = lifecycle_steps(INVOICE_LIFECYCLE, invoice.invoice_status)
    if invoice.carried_to_invoice_id is not None:
        drawn[-1] = Step(label=say("Carried forward"), state="done")
    elif to_merchant and invoice.invoice_status is MerchantInvoiceStatus.GENERATED:
        drawn[0] = Step(label=say("Generated"), state="current")
    return drawn


def line(each: InvoiceLineOut, *, to_merchant: bool = False) -> dict[str, str]:
    """One line of the breakdown."""

    def figures(minor: int) -> str:
        return Money(minor, each.currency).figures()

    opening, place = each.kind is LineKind.OPENING, "/merchant" if to_merchant else "/courier"
    word, tone = kind_of(each)
    return {
        "id": f"{each.kind}-{each.parcel_id or each.source_invoice_id}",
        "what": each.tracking_number,
        "what_href": f"{place}/invoices?open={each.source_invoice_id}"
        if opening
        else f"{place}/parcels?open={each.parcel_id}",
        "kind": word,
        "kind_tone": tone,
        "collected": "–" if opening else figures(each.cod_collected),
        "charges": "–" if opening else figures(-each.delivery_charge - each.return_charge),
        "net": figures(each.net_payable),
    }


def kind_of(each: InvoiceLineOut) -> tuple[str, str]:
    """What a line of the breakdown stands for, in words with its tone."""
    if each.kind is LineKind.OPENING:
        return say("Carried forward"), "warn"
    if each.kind is LineKind.CLEARANCE:
        return say("Correction"), "info"
    word, tone = PARCEL[ParcelStatus(each.parcel_status)]
    return say(word), tone
