"""How rental's codes read on paper."""

from decimal import Decimal

from lattis_app.core.money import SYMBOLS, Money
from lattis_app.core.pdf import plain_number

PAYMENT_METHODS = {
    "CASH": "Cash",
    "ONLINE": "Online transfer",
    "CDM": "Cash deposit machine",
    "EWALLET": "E-wallet",
    "CHEQUE": "Cheque",
    "TERM": "Credit term",
}


def payment_method(code: str) -> str:
    """A payment method in words; an unknown code stays as it is."""
    return PAYMENT_METHODS.get(code, code)


def symbol(money: Money) -> str:
    """The currency as a column heading names it: RM."""
    return SYMBOLS.get(money.currency, money.currency)


def reckoning(quantity: Decimal, unit: str, unit_price: Money) -> str:
    """How a line came to its amount: 2 load × RM 350.00."""
    return f"{plain_number(quantity)} {unit} × {unit_price.text()}".replace("  ", " ")
