"""What domains tell the ledger in their `books.py`: what its accounts should hold, and which record is due when.

The ledger knows no domain; whoever posts to an account also registers here what its own records say.
Contract: api.md, "Ledger".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from lattis_app.core.pdf import Letterhead
from lattis_app.ledger.accounts import Account


@dataclass(frozen=True, slots=True)
class RegisteredBalance:
    """What one module's records say an account holds."""

    account: Account
    name: str
    statement: Select[Any]


_balances: dict[tuple[Account, str], RegisteredBalance] = {}
_due_dates: dict[str, Select[Any]] = {}
_letterheads: list[Callable[[Session], Letterhead]] = []


def register_balance(account: Account, name: str, statement: Select[Any]) -> None:
    """Let the check compare an account with a module's own records.

    The statement selects owner (the entry's party or holder, or NULL), currency and minor units, debit positive; it
    may name an owner several times. Accounts nobody registers for are not compared.
    """
    _balances[account, name] = RegisteredBalance(account, name, statement)


def registered_balances() -> list[RegisteredBalance]:
    """All that is registered, by account and name."""
    return sorted(_balances.values(), key=lambda balance: (balance.account, balance.name))


def register_due_dates(source_type: str, statement: Select[Any]) -> None:
    """Let statements of account age a source's transactions.

    The statement selects the record's id, the document it belongs to, and when that is due: an invoice belongs to
    itself, a payment to the invoice it pays. What belongs to none yet stays unapplied; payments of sources that are
    not registered pay what was due first.
    """
    _due_dates[source_type] = statement


def registered_due_dates() -> dict[str, Select[Any]]:
    """The statement of each source that has due dates."""
    return _due_dates


def register_letterhead(read: Callable[[Session], Letterhead]) -> None:
    """Let statements of account carry this business's letterhead."""
    _letterheads[:] = [read]


def letterhead(session: Session) -> Letterhead:
    """The business that statements of account come from."""
    return _letterheads[0](session) if _letterheads else Letterhead("Your business")
