"""How statuses look and read on the pages of marketplace."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lattis_app.core.language import say
from lattis_app.marketplace.statuses import Currency, InvoiceStatus, OrderStatus, PaymentType
from lattis_app.ui.badges import words
from lattis_app.ui.theme import Tone

INVOICE_TONES: Mapping[str, Tone] = {
    "pending": "warn",
    "paid": "ok",
    "overdue": "bad",
    "cancelled": "neutral",
}
ORDER_TONES: Mapping[str, Tone] = {
    "pending": "warn",
    "shipped": "info",
    "delivered": "ok",
    "returned": "neutral",
    "cancelled": "neutral",
}
INVOICE_STATUSES = tuple((str(each), words(each)) for each in InvoiceStatus)
ORDER_STATUSES = tuple((str(each), words(each)) for each in OrderStatus)
CURRENCIES = tuple((str(each), str(each)) for each in Currency)
PAYMENT_TYPES = ((str(PaymentType.COD), "Cash on delivery"), (str(PaymentType.CARD), "Card"))


def days_late(days: int) -> str:
    """How late an invoice is."""
    return say("1 day overdue") if days == 1 else say("{count} days overdue", count=days)


def days_left(days: int) -> str:
    """How long there is to pay."""
    if days <= 0:
        return say("Due today")
    return say("Due tomorrow") if days == 1 else say("Due in {count} days", count=days)


def percent(value: Decimal | None) -> str:
    """A percentage without needless zeros: `10 %`, `7.5 %`; a dash when there is none."""
    return "–" if value is None else f"{plain(value)} %"


def plain(value: Decimal) -> str:
    """A number without needless zeros, as a field holds it."""
    return f"{value.normalize():f}"
