"""Parcels as text: lines of lists, and the facts of one with what it is worth to its merchant."""

from __future__ import annotations

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.courier.pages.words import FINANCIAL, PARCEL, owed, whose
from lattis_app.courier.schemas.parcels import ParcelOut, ParcelRow
from lattis_app.courier.statuses import FINAL, FinancialStatus
from lattis_app.ui import moments
from lattis_app.ui.values import dash


def charges(parcel: ParcelRow) -> int:
    """What is taken off for carrying a parcel, in its present status."""
    delivery = parcel.total_charge if parcel.delivery_charge_applicable else 0
    return delivery + (parcel.return_charge if parcel.return_charge_applicable else 0)


def settlement(parcel: ParcelRow) -> tuple[str, str]:
    """How far a parcel's money is, in words with its tone; a dispute holds it."""
    if parcel.disputed_at is not None:
        return say("Disputed"), "warn"
    if parcel.financial_status is FinancialStatus.PENDING and parcel.status not in FINAL:
        return say("Not yet"), "neutral"
    word, tone = FINANCIAL[parcel.financial_status]
    return say(word), tone


def row(parcel: ParcelRow) -> dict[str, str]:
    """One line of a list; what isn't delivered yet is worth nothing yet."""
    word, tone = PARCEL[parcel.status]
    settled, settled_tone = settlement(parcel)
    is_final = parcel.status in FINAL

    def figures(minor: int) -> str:
        return Money(minor, parcel.currency).figures() if is_final else "–"

    return {
        "id": str(parcel.id),
        "tracking_number": parcel.tracking_number,
        "recipient": parcel.recipient_name or parcel.order_reference,
        "merchant": parcel.merchant_name,
        "status": say(word),
        "status_tone": tone,
        "delivered_at": moments.day(parcel.delivered_at),
        "cod": Money(parcel.cod_amount, parcel.currency).figures(),
        "collected": figures(parcel.cod_collected_amount),
        "charges": figures(-charges(parcel)),
        "net": figures(parcel.net_payable),
        "settled": settled,
        "settled_tone": settled_tone,
    }


def facts(parcel: ParcelOut, *, to_merchant: bool = False) -> dict[str, str]:
    """A parcel as label and value."""
    currency, is_final = parcel.currency, parcel.status in FINAL

    def text(minor: int | None) -> str:
        return "" if minor is None else Money(minor, currency).text()

    invoices = "/merchant/invoices" if to_merchant else "/courier/invoices"
    return row(parcel) | {
        "is_final": "true" if is_final else "",
        "order_reference": dash(parcel.order_reference),
        "recipient_name": dash(parcel.recipient_name),
        "recipient_phone": dash(spaced_phone(parcel.recipient_phone) if parcel.recipient_phone else ""),
        "recipient_address": dash(parcel.recipient_address),
        "partner": dash(parcel.partner),
        "cod_text": text(parcel.cod_amount),
        "collected_text": text(parcel.cod_collected_amount),
        "delivery_text": text(-parcel.total_charge if parcel.delivery_charge_applicable else 0),
        "return_text": text(-parcel.return_charge if parcel.return_charge_applicable else 0),
        "why_charges": why_charges(parcel),
        "net_text": text(parcel.net_payable),
        "net_words": whose(parcel.net_payable, to_merchant=to_merchant)
        if is_final and not parcel.paid_to_merchant
        else "",
        "invoice": parcel.invoice_no or "",
        "invoice_href": f"{invoices}?open={parcel.invoice_id}",
        "paid": text(parcel.paid_amount),
        "paid_at": moments.moment(parcel.paid_to_merchant_at),
        "clearance": owed(parcel.clearance_amount, currency, to_merchant=to_merchant)
        if parcel.clearance_amount is not None
        else "",
        "clearance_reason": parcel.clearance_reason,
        "clearance_invoice": parcel.clearance_invoice_no or "",
        "clearance_invoice_href": f"{invoices}?open={parcel.clearance_invoice_id}",
        "merchant_href": f"/courier/merchants?open={parcel.merchant_id}",
        "remitted": text(parcel.remitted_amount),
        "disputed": moments.day(parcel.disputed_at) if parcel.disputed_at else "",
    }


def why_charges(parcel: ParcelRow) -> str:
    """Which of the charges are taken off, and why."""
    if parcel.delivery_charge_applicable:
        return say("Delivered: the delivery charge is taken off.")
    if parcel.return_charge_applicable:
        return say("Returned: only the return charge is taken off.")
    if parcel.status in FINAL:
        return say("The recipient paid for the return: nothing is taken off.")
    return say("Nothing is settled before the parcel has arrived or come back.")
