"""Where domains say what they believe the books to hold, account by account.

A domain registers a statement per account in its `reconciliation.py`; the check adds up all that is registered for an
account and compares it, owner by owner, with the entries. Contract: api.md, "Ledger".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from lattis_app.ledger.accounts import Account


@dataclass(frozen=True, slots=True)
class RegisteredBalance:
    """What one module believes an account to hold."""

    account: Account
    name: str
    statement: Select[Any]


_registered: dict[tuple[Account, str], RegisteredBalance] = {}


def register_balance(account: Account, name: str, statement: Select[Any]) -> None:
    """Let the check compare an account with a module's own records.

    The statement selects owner (the entry's party or holder, or NULL), currency and minor units, debit positive; it
    may name an owner several times. Accounts nobody registers for are not compared.
    """
    _registered[account, name] = RegisteredBalance(account, name, statement)


def registered_balances() -> list[RegisteredBalance]:
    """All that is registered, by account and name."""
    return sorted(_registered.values(), key=lambda balance: (balance.account, balance.name))
