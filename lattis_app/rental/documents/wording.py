"""How rental's codes read on paper."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from lattis_app.core.money import Money
from lattis_app.core.pdf import plain_number
from lattis_app.rental.statuses import DeliveryOrderStatus, FulfilmentStatus, ReminderType

PAYMENT_METHODS = {
    "CASH": "Cash",
    "ONLINE": "Online transfer",
    "CDM": "Cash deposit machine",
    "EWALLET": "E-wallet",
    "CHEQUE": "Cheque",
    "TERM": "Credit term",
}
CODES_IN_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    DeliveryOrderStatus: {DeliveryOrderStatus.INVOICED_LINKED: "Invoiced"},
    FulfilmentStatus: {
        FulfilmentStatus.ASSIGNED: "Not started",
        FulfilmentStatus.STARTED: "On the way",
        FulfilmentStatus.DELIVERED: "With customer",
    },
    ReminderType: {ReminderType.TERM_BASED: "End of hire"},
}
"""Codes whose own words would mislead."""


def in_words(code: StrEnum) -> str:
    """A status or kind as people read it, on screen and on paper."""
    plain = code.replace("_", " ").capitalize() if code.islower() else str(code)
    return CODES_IN_WORDS.get(type(code), {}).get(code, plain)


def payment_method(code: str) -> str:
    """A payment method in words; an unknown code stays as it is."""
    return PAYMENT_METHODS.get(code, code)


def reckoning(quantity: Decimal, unit: str, unit_price: Money) -> str:
    """How a line came to its amount: 2 load × RM 350.00."""
    return f"{plain_number(quantity)} {unit} × {unit_price.text()}".replace("  ", " ")
