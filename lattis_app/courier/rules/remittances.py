"""How a line of a delivery partner's file compares with what we know of the parcel."""

from __future__ import annotations

from lattis_app.core.money import Money
from lattis_app.courier.statuses import FINAL, ParcelStatus, RemittanceMatch

REMITTED_BEFORE = "was remitted before"


def expected_of(status: ParcelStatus, collected: Money, early: Money, is_remitted: bool) -> Money:
    """What a partner still has to pay over for a parcel; `early` is what it paid before the outcome was known."""
    if status not in FINAL or is_remitted or collected < early:
        return Money(0, collected.currency)
    return collected - early


def compare(
    remitted: Money, status: ParcelStatus | None, collected: Money, early: Money, is_remitted: bool
) -> tuple[RemittanceMatch, Money, str]:
    """Whether a line matches, pays too little or too much, what was expected of it, and a word on why."""
    if status is None:
        return RemittanceMatch.EXTRA, Money(0, remitted.currency), "is no parcel of ours"
    expected = expected_of(status, collected, early, is_remitted)
    if remitted == expected and not is_remitted:
        return RemittanceMatch.MATCHED, expected, ""
    if remitted < expected:
        return RemittanceMatch.SHORT, expected, f"{expected - remitted} short"
    if is_remitted:
        return RemittanceMatch.EXTRA, expected, REMITTED_BEFORE
    if status not in FINAL:
        return RemittanceMatch.EXTRA, expected, f"is {status}: counts towards what will be collected"
    return RemittanceMatch.EXTRA, expected, f"{remitted - expected} more than was collected"
