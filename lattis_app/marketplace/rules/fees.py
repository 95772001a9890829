"""What a seller owes for an order, and for a week in both currencies (contract: marketplace.md, "Per order")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from lattis_app.core.money import Money, round_half_up
from lattis_app.marketplace.statuses import Currency

RATE = Decimal("61.50")
"""MKD per EUR unless an admin sets another."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What is owed for one order."""

    platform: Money
    affiliate: Money

    @property
    def owed(self) -> Money:
        """Both together."""
        return self.platform + self.affiliate


@dataclass(frozen=True, slots=True)
class Totals:
    """What is owed in each currency, and both in the seller's own."""

    mkd: Money
    eur: Money
    base: Money


def share(price: Money, percent: Decimal) -> Money:
    """A percentage of a price, half-up to the currency."""
    return Money(round_half_up(price.minor * percent / 100), price.currency)


def fees_of(price: Money, platform_percent: Decimal, affiliate_percent: Decimal | None) -> Fees:
    """The fees of one order; without an affiliate there is no affiliate's."""
    return Fees(share(price, platform_percent), share(price, affiliate_percent or Decimal(0)))


def in_currency(amount: Money, currency: str, rate: Decimal) -> Money:
    """An amount in the other currency, half-up; `rate` is MKD per EUR."""
    if amount.currency == currency:
        return amount
    exact = amount.minor * rate if currency == Currency.MKD else amount.minor / rate
    return Money(round_half_up(exact), currency)


def totals_of(owed: Iterable[Money], base_currency: str, rate: Decimal) -> Totals:
    """The exact sums per currency; the other currency's sum is converted once."""
    sums = {Currency.MKD: 0, Currency.EUR: 0}
    for amount in owed:
        sums[Currency(amount.currency)] += amount.minor
    mkd, eur = Money(sums[Currency.MKD], "MKD"), Money(sums[Currency.EUR], "EUR")
    base = in_currency(mkd, base_currency, rate) + in_currency(eur, base_currency, rate)
    return Totals(mkd, eur, base)
