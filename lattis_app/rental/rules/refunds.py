"""How much may be given back, out of which payments, and whose share shrinks (contract: rental.md, "Refund")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lattis_app.core.errors import Invalid
from lattis_app.core.money import Money, round_half_up
from lattis_app.ledger.accounts import Account
from lattis_app.rental.rules.postings import HELD_IN, PAID_FROM
from lattis_app.rental.statuses import PaymentMethod, PayoutMethod


class AmountExceedsRefundable(Invalid):
    """More than was paid and has not been given back or promised yet."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment with what is left of it."""

    payment_id: UUID
    method: PaymentMethod
    driver_id: UUID | None
    left: Money


@dataclass(frozen=True, slots=True)
class Part:
    """What a refund takes out of one payment, and out of which account or whose cash."""

    payment_id: UUID
    amount: Money
    account: Account
    driver_id: UUID | None = None


def require_refundable(amount: Money, refundable: Money) -> None:
    """At most what was paid minus what was given back or promised. The refusal names it."""
    if amount > refundable:
        reason = f"must not exceed the {refundable.text()} that can be refunded"
        raise AmountExceedsRefundable(
            f"amount: {reason}", field="amount", reason=reason, refundable=refundable
        )


def tax_in(amount: Money, total: Money, tax: Money, before: Money) -> Money:
    """The tax in a refund, so that refunds of a whole invoice give back exactly its tax; `before` was refunded earlier."""
    return _share(tax, before + amount, total) - _share(tax, before, total)


def clawed_back(agreed: Money, amount: Money, charged: Money) -> Money:
    """An introducer's share of a refund, where `charged` is what the invoice came to before it."""
    return _share(agreed, amount, charged)


def _share(whole: Money, part: Money, of: Money) -> Money:
    return Money(round_half_up(Decimal(whole.minor * part.minor) / of.minor), whole.currency)


def give_back(
    amount: Money, payments: Iterable[Paid], by: PayoutMethod | None, held: Mapping[UUID, Money]
) -> list[Part]:
    """Spread a refund over payments, the last first, each the way it came unless `by` says how it is paid.

    Cash comes from the driver who took it, as far as `held` says that they have it, and then from the office.
    """
    parts, in_hand = [], dict(held)
    for paid in payments:
        taken = min(paid.left, amount)
        amount -= taken
        if by is None and paid.method is PaymentMethod.CASH and paid.driver_id in in_hand:
            driver_id = paid.driver_id
            of_driver = min(taken, in_hand[driver_id])
            in_hand[driver_id] -= of_driver
            parts.append(Part(paid.payment_id, of_driver, Account.DRIVER_CASH, driver_id))
            taken -= of_driver
        account = HELD_IN[paid.method] if by is None else PAID_FROM[by]
        parts.append(Part(paid.payment_id, taken, account))
    return [part for part in parts if part.amount]
