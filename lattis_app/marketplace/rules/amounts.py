"""Amounts as sellers read them: denars without decimals unless there are some, euros with two (contract: marketplace.md)."""

from __future__ import annotations

from lattis_app.core.money import Money
from lattis_app.marketplace.statuses import Currency


def figures(minor: int, currency: str) -> str:
    """For a column whose heading names the currency: `1,230`, `1,230.50`, `20.00`."""
    shown = Money(minor, currency).figures()
    return shown.removesuffix(".00") if currency == Currency.MKD else shown


def amount(minor: int, currency: str) -> str:
    """For a sentence or a card: `MKD 1,230`, `EUR 20.00`, `−MKD 15`."""
    return f"{'−' if minor < 0 else ''}{currency} {figures(abs(minor), currency)}"


def per_currency(mkd: int, eur: int) -> str:
    """What is owed in each currency: `MKD 1,230 + EUR 20.00`; a currency without anything is left out."""
    parts = [amount(minor, currency) for minor, currency in ((mkd, "MKD"), (eur, "EUR")) if minor]
    return " + ".join(parts) or amount(0, Currency.MKD)
