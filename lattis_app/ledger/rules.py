"""Postings: what a business event does to the books, before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lattis_app.core.money import Money
from lattis_app.ledger.accounts import Account


class Unbalanced(ValueError):
    """The postings of one event do not add up to zero."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line: an account, whose it is, and a signed amount (debit positive)."""

    account: Account
    amount: Money
    party_id: UUID | None = None
    holder_id: UUID | None = None


def debit(
    account: Account, amount: Money, party_id: UUID | None = None, holder_id: UUID | None = None
) -> Posting:
    """An amount to the left side of an account."""
    return Posting(account, amount, party_id, holder_id)


def credit(
    account: Account, amount: Money, party_id: UUID | None = None, holder_id: UUID | None = None
) -> Posting:
    """An amount to the right side of an account."""
    return Posting(account, -amount, party_id, holder_id)


def balanced(postings: Iterable[Posting]) -> list[Posting]:
    """The postings without empty lines; refused unless they add up to zero per currency."""
    kept = [posting for posting in postings if posting.amount]
    totals: dict[str, int] = {}
    for posting in kept:
        totals[posting.amount.currency] = totals.get(posting.amount.currency, 0) + posting.amount.minor
    if not kept or any(totals.values()):
        raise Unbalanced(f"postings must add up to zero, not {totals}")
    return kept


def reversed_postings(postings: Iterable[Posting]) -> list[Posting]:
    """The same lines with the opposite sign."""
    return [Posting(line.account, -line.amount, line.party_id, line.holder_id) for line in postings]


@dataclass(frozen=True, slots=True)
class Ageing:
    """How long what somebody owes is overdue, in minor units; `unapplied` is what they have to their credit."""

    current: int = 0
    days_1_30: int = 0
    days_31_60: int = 0
    days_61_90: int = 0
    over_90: int = 0
    unapplied: int = 0


def age(charges: Iterable[tuple[date, int]], settled: int, on: date) -> Ageing:
    """Let what was settled pay the charges that were due first, and sort the rest by days overdue."""
    left = dict.fromkeys(("current", "days_1_30", "days_31_60", "days_61_90", "over_90"), 0)
    for due_on, minor in sorted(charges):
        paid = min(settled, minor)
        settled -= paid
        left[_bucket((on - due_on).days)] += minor - paid
    return Ageing(**left, unapplied=settled)


def _bucket(days: int) -> str:
    if days <= 0:
        return "current"
    ends = ((30, "days_1_30"), (60, "days_31_60"), (90, "days_61_90"))
    return next((name for end, name in ends if days <= end), "over_90")
