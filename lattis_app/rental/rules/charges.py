"""What is charged beyond an order's own amount (contract: rental.md, "Money")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lattis_app.core.money import Money
from lattis_app.rental.statuses import ChargeKind

KILOS = 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order includes, and what more of it costs."""

    included_days: int
    per_day: Money
    included_kg: int
    per_tonne: Money


@dataclass(frozen=True, slots=True)
class Extra:
    """One charge: so much of a unit at a price."""

    kind: ChargeKind
    description: str
    quantity: Decimal
    unit: str
    price: Money

    @property
    def amount(self) -> Money:
        """Quantity × price, rounded half-up to the minor unit."""
        return self.price.times(self.quantity)


def extras(terms: Terms, weight_kg: int | None, delivered_on: date, collected_on: date) -> list[Extra]:
    """What a collected order owes beyond its terms; what costs nothing is left out.

    Weight counts to the kilogram, days from the delivery to the collection.
    """
    return [extra for extra in (_overweight(terms, weight_kg), _overrun(terms, delivered_on, collected_on))
            if extra is not None and extra.amount]  # fmt: skip


def _overweight(terms: Terms, weight_kg: int | None) -> Extra | None:
    over = (weight_kg or 0) - terms.included_kg
    if over <= 0:
        return None
    included = f"{Decimal(terms.included_kg) / KILOS:f}"
    description = f"Weight over the included {included} t"
    return Extra(ChargeKind.OVERWEIGHT, description, Decimal(over) / KILOS, "t", terms.per_tonne)


def _overrun(terms: Terms, delivered_on: date, collected_on: date) -> Extra | None:
    over = (collected_on - delivered_on).days - terms.included_days
    if over <= 0:
        return None
    description = f"Days over the included {terms.included_days}"
    return Extra(
        ChargeKind.OVERRUN, description, Decimal(over), "day" if over == 1 else "days", terms.per_day
    )


def failed_trip(fee: Money) -> Extra | None:
    """A drive in vain; None where it costs nothing."""
    return Extra(ChargeKind.FAILED_TRIP, "Failed trip", Decimal(1), "trip", fee) if fee else None
