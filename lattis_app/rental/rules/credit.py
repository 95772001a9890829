"""How much a customer may owe."""

from __future__ import annotations

from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.money import Money


class CreditLimitExceeded(PreconditionFailed):
    """With this order on terms the customer would owe more than they may."""


def require_room(limit: Money, owed: Money, order: Money) -> None:
    """An order on terms fits under the limit beside what is owed. Raises CreditLimitExceeded with all three."""
    if owed + order > limit:
        raise CreditLimitExceeded(
            f"{order.text()} on terms is too much: {owed.text()} of a credit limit of {limit.text()} is used",
            field="payment_method",
            reason="goes beyond the credit limit",
            limit=limit,
            owed=owed,
            amount=order,
        )
