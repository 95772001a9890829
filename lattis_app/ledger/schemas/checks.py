"""Whether the books add up, and whether every module agrees with them."""

from __future__ import annotations

from uuid import UUID

from lattis_app.core.schemas import MoneyOut, Out


class SumOut(Out):
    """All entries of one currency; their sum is zero."""

    currency: str
    entries: int
    sum: MoneyOut


class UnbalancedOut(Out):
    """A transaction whose entries do not add up to zero."""

    transaction_id: UUID
    kind: str
    currency: str
    sum: MoneyOut


class ModuleBalanceOut(Out):
    """What one module's own records say an account holds."""

    name: str
    balance: MoneyOut


class OwnerDifferenceOut(Out):
    """A party or holder for whom books and modules differ."""

    owner_id: UUID | None
    ledger: MoneyOut
    modules: MoneyOut
    difference: MoneyOut


class AccountOut(Out):
    """An account in the books (debit positive) beside what the modules say.

    `owners_differing` counts everybody for whom they differ; `differences` shows the largest.
    """

    account: str
    currency: str
    ledger: MoneyOut
    modules: list[ModuleBalanceOut]
    difference: MoneyOut
    owners_differing: int
    differences: list[OwnerDifferenceOut]


class CheckOut(Out):
    """The result of a check; `status` is `balanced` or `differs`. `uncompared` are accounts without a module."""

    status: str
    transactions: int
    sums: list[SumOut]
    unbalanced: list[UnbalancedOut]
    accounts: list[AccountOut]
    uncompared: list[str]
