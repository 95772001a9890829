"""Money as whole minor units and a currency; the only arithmetic Lattis does on amounts.

Contract: api.md, "Values". Rounding is half-up and happens once, at the line; splits use the largest
remainder, so parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

DECIMALS = {"MYR": 2, "MKD": 2, "EUR": 2, "USD": 2, "SGD": 2}
SYMBOLS = {"MYR": "RM", "MKD": "ден", "EUR": "€", "USD": "$", "SGD": "S$"}
DEFAULT_CURRENCY = "MYR"
LARGEST_MINOR = 10**14


class InvalidAmount(ValueError):
    """What was given cannot be an amount of money."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (sen, cents) of one currency."""

    minor: int
    currency: str = DEFAULT_CURRENCY

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same_currency(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same_currency(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same_currency(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same_currency(other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same_currency(other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same_currency(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return self.text()

    def _same_currency(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise InvalidAmount(f"{self.currency} and {other.currency} cannot be combined")
        return other

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    @property
    def symbol(self) -> str:
        """The currency as a column heading names it: RM."""
        return SYMBOLS.get(self.currency, self.currency)

    def times(self, factor: Decimal | int) -> Money:
        """This amount multiplied by a quantity or a rate, rounded half-up to the minor unit."""
        return Money(round_half_up(Decimal(self.minor) * Decimal(factor)), self.currency)

    def text(self) -> str:
        """For people: `RM 1,350.00`, `−RM 20.00`."""
        sign = "−" if self.minor < 0 else ""
        return f"{sign}{self.symbol} {Money(abs(self.minor), self.currency).figures()}"

    def figures(self) -> str:
        """For a column whose heading names the currency: `1,350.00`, `−20.00`."""
        sign = "−" if self.minor < 0 else ""
        return f"{sign}{abs(self.decimal):,.{decimals(self.currency)}f}"

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split by weights with the largest remainder: the parts add up to the whole."""
        return [Money(part, self.currency) for part in allocate(self.minor, weights)]


def decimals(currency: str) -> int:
    """How many decimals a currency has."""
    return DECIMALS.get(currency, 2)


def zero(currency: str = DEFAULT_CURRENCY) -> Money:
    """No money."""
    return Money(0, currency)


def parse_money(value: object, currency: str = DEFAULT_CURRENCY) -> Money:
    """Read an amount as people and programs write it: a number or a decimal string in major units.

    Raises InvalidAmount for anything not finite, too large or with more decimals than the currency has.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal, float)):
        raise InvalidAmount("must be a number or a decimal string")
    text = str(value).strip()
    try:
        amount = Decimal(text.replace("_", "?"))  # Python reads 12_50 as 1250
    except InvalidOperation as error:
        raise InvalidAmount("must be a number or a decimal string") from error
    if not amount.is_finite():
        raise InvalidAmount("must be a finite number")
    if amount.adjusted() > 15:
        raise InvalidAmount("is too large")
    minor = amount.scaleb(decimals(currency))
    if minor != minor.to_integral_value():
        raise InvalidAmount(f"must have at most {decimals(currency)} decimals")
    if abs(minor) > LARGEST_MINOR:
        raise InvalidAmount("is too large")
    return Money(int(minor), currency)


def round_half_up(value: Decimal) -> int:
    """A decimal number of minor units as a whole one; exactly half goes away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split whole units by weights with the largest remainder; the first wins a tie."""
    if not weights or any(weight < 0 for weight in weights) or sum(weights) == 0:
        raise InvalidAmount("weights must be non-negative and not all zero")
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * weight // whole for weight in weights]
    remainders = [abs(total) * weight % whole for weight in weights]
    missing = abs(total) - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]
