"""Weekly invoices as rows and facts, the same for the seller and for the administrator."""

from __future__ import annotations

from collections.abc import Sequence

from lattis_app.core.language import say
from lattis_app.marketplace.pages.looks import INVOICE_TONES, days_late, days_left, percent, plain
from lattis_app.marketplace.rules.amounts import amount, figures, per_currency
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.invoices import ClaimOut, InvoiceItemOut, InvoiceOut, InvoiceRow
from lattis_app.marketplace.statuses import ClaimStatus, InvoiceStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.columns import Column
from lattis_app.ui.values import dash

CLAIM_TONES = {"claimed": "warn", "confirmed": "ok", "rejected": "bad"}
ITEMS = (
    Column("number", "Order", "link"),
    Column("delivered", "Delivered", "date"),
    Column("price", "Product price", "money"),
    Column("platform", "Platform fee", "money", note="platform_percent"),
    Column("affiliate", "Affiliate fee", "money", note="affiliate_percent"),
    Column("owed", "Owed", "money"),
)


def row(invoice: InvoiceRow) -> dict[str, str]:
    """One line of a list. The amount is in the seller's own currency, with its parts when there are two."""
    is_split = invoice.total_amount_mkd != 0 and invoice.total_amount_eur != 0
    return {
        "id": str(invoice.id),
        "invoice_number": invoice.invoice_number,
        "store": invoice.store_name,
        "week_start_date": moments.span(invoice.week_start_date, invoice.week_end_date),
        "due_date": moments.day(invoice.due_date),
        "status": standing(invoice),
        "status_tone": "info" if invoice.payment_claimed else INVOICE_TONES[invoice.status],
        "orders": str(invoice.order_count),
        "total_amount": amount(invoice.total_amount, invoice.base_currency),
        "parts": per_currency(invoice.total_amount_mkd, invoice.total_amount_eur) if is_split else "",
    }


def standing(invoice: InvoiceRow) -> str:
    """The status with what there is to know about it: days until due, or days overdue."""
    status = words(invoice.status)
    if invoice.payment_claimed:
        return say("{status} · in review", status=status)
    if invoice.status is InvoiceStatus.PENDING:
        return f"{status} · {days_left(invoice.days_until_due).lower()}"
    if invoice.status is InvoiceStatus.OVERDUE:
        return f"{status} · {late_words(invoice.days_overdue)}"
    return status


def late_words(days: int) -> str:
    """How many days ago it should have been paid, after the word that says so."""
    return say("1 day") if days == 1 else say("{count} days", count=days)


def facts(invoice: InvoiceOut) -> dict[str, str]:
    """The invoice as label and value."""
    owed = per_currency(invoice.total_amount_mkd, invoice.total_amount_eur)
    bank = str(invoice.issuer.get("bank_details") or "")
    return row(invoice) | {
        "owed": owed,
        "state": str(invoice.status),
        "rate": say("{rate} MKD per EUR", rate=plain(invoice.exchange_rate)),
        "late": days_late(invoice.days_overdue) if invoice.days_overdue else "",
        "paid_at": moments.moment(invoice.paid_at, ZONE) if invoice.paid_at else "",
        "paid_by": dash(invoice.paid_by),
        "notes": invoice.payment_notes,
        "cancelled_at": moments.moment(invoice.cancelled_at, ZONE) if invoice.cancelled_at else "",
        "cancel_reason": invoice.cancel_reason,
        "issuer": str(invoice.issuer.get("name") or ""),
        "bank": bank,
        "contact": dash(invoice.seller_name),
        "email": dash(invoice.seller_email),
        "restricted": say("Restricted") if invoice.seller_restricted else say("Free to sell"),
        "restricted_tone": "bad" if invoice.seller_restricted else "ok",
        "claimed": "true" if invoice.payment_claimed else "",
        "seller_href": f"/marketplace/sellers?open={invoice.seller_id}",
        "week_text": invoice.week_start_date.isoformat(),
        "seller_id": str(invoice.seller_id),
    }


def items(invoice: InvoiceOut, orders: str = "/seller/orders") -> list[dict[str, str]]:
    """The orders it is for, each with what is owed for it and the way to it on the page `orders`."""
    return [_item(each, orders) for each in invoice.items]


def _item(item: InvoiceItemOut, orders: str) -> dict[str, str]:
    def text(minor: int) -> str:
        return amount(minor, item.currency)

    has_affiliate = item.affiliate_fee_percent is not None
    return {
        "id": str(item.id),
        "number": item.order_number,
        "number_href": f"{orders}?open={item.order_id}",
        "delivered": moments.day(item.delivery_date, ZONE),
        "price": text(item.product_price),
        "platform": text(item.platform_fee),
        "platform_percent": percent(item.platform_fee_percent),
        "affiliate": text(item.affiliate_fee) if has_affiliate else "–",
        "affiliate_percent": percent(item.affiliate_fee_percent) if has_affiliate else "",
        "owed": text(item.total_owed),
    }


def breakdown(invoice: InvoiceOut) -> list[dict[str, str]]:
    """What is owed in each currency that was used."""
    used = dict.fromkeys(str(each.currency) for each in invoice.items)
    return [
        _sums(currency, [each for each in invoice.items if each.currency == currency]) for currency in used
    ]


def _sums(currency: str, of: Sequence[InvoiceItemOut]) -> dict[str, str]:
    return {
        "currency": currency,
        "sales": figures(sum(each.product_price for each in of), currency),
        "platform": figures(sum(each.platform_fee for each in of), currency),
        "affiliate": figures(sum(each.affiliate_fee for each in of), currency),
        "owed": figures(sum(each.total_owed for each in of), currency),
    }


def claims(invoice: InvoiceOut) -> list[dict[str, str]]:
    """What the seller said of having paid, the latest first, and what became of it."""
    return [_claim(each) for each in invoice.claims]


def _claim(claim: ClaimOut) -> dict[str, str]:
    said = {
        ClaimStatus.CLAIMED: say("Waiting for confirmation"),
        ClaimStatus.CONFIRMED: say("Confirmed"),
        ClaimStatus.REJECTED: say("No payment found"),
    }
    return {
        "id": str(claim.id),
        "status": said[claim.status],
        "tone": CLAIM_TONES[claim.status],
        "proof": claim.proof,
        "notes": claim.payment_notes,
        "who": claim.claimed_by,
        "when": moments.moment(claim.created_at, ZONE),
        "answer": claim.rejection,
        "decided": f"{claim.decided_by}, {moments.moment(claim.decided_at, ZONE)}"
        if claim.decided_at
        else "",
    }
