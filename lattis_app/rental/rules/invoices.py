"""What an invoice adds up to and when it is due (contract: rental.md, "Money")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lattis_app.core.errors import Invalid
from lattis_app.core.money import Money, zero
from lattis_app.rental.statuses import InvoiceStatus, PaymentMethod


class AmountNotPositive(Invalid):
    """No money can't be received."""


class AmountExceedsBalance(Invalid):
    """More than is owed; nothing is carried over."""


class PaidLater(Invalid):
    """Nothing is handed over on site when a customer pays on terms."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The three sums of an invoice."""

    subtotal: Money
    tax: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a payment leaves an invoice."""

    paid: Money
    balance: Money
    status: InvoiceStatus


def totals(lines: Iterable[Money], tax_rate: Decimal, currency: str) -> Totals:
    """Subtotal = Σ lines; tax = subtotal × rate half-up; total = both."""
    subtotal = sum(lines, zero(currency))
    tax = subtotal.times(tax_rate)
    return Totals(subtotal, tax, subtotal + tax)


def due_on(method: PaymentMethod, terms_days: int, issued_on: date) -> date:
    """TERM orders are due after the customer's terms, all others when the invoice is issued."""
    return issued_on + timedelta(days=terms_days) if method is PaymentMethod.TERM else issued_on


def require_handed_over(method: PaymentMethod) -> PaymentMethod:
    """The method, if money can change hands on site with it. Raises PaidLater."""
    if method is PaymentMethod.TERM:
        reason = "is paid later on the invoice: nothing is handed over on site"
        raise PaidLater(f"TERM {reason}", field="payment_method", reason=reason)
    return method


def settle(total: Money, already_paid: Money, incoming: Money) -> Settlement:
    """Where a payment leaves an invoice. Raises AmountNotPositive, AmountExceedsBalance with the balance."""
    require_payable(incoming, total - already_paid)
    paid = already_paid + incoming
    status = InvoiceStatus.PAID if paid == total else InvoiceStatus.PARTIALLY_PAID
    return Settlement(paid, total - paid, status)


def require_payable(incoming: Money, balance: Money) -> None:
    """An amount is more than nothing and at most what is owed. The refusal names the balance."""
    owed = {"balance": balance}
    if incoming.minor <= 0:
        raise AmountNotPositive(
            "amount: must be greater than 0", field="amount", reason="must be greater than 0", **owed
        )
    if incoming > balance:
        reason = f"must not exceed the balance of {balance.text()}"
        raise AmountExceedsBalance(f"amount: {reason}", field="amount", reason=reason, **owed)
