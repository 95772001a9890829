"""Whether the books add up, and whether every module's own records agree with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Row, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.domains import registered_balances
from lattis_app.ledger.models import LedgerEntry, LedgerTransaction
from lattis_app.ledger.schemas.checks import (
    AccountOut,
    CheckOut,
    ModuleBalanceOut,
    OwnerDifferenceOut,
    SumOut,
    UnbalancedOut,
)
from lattis_app.parties.models import Party

T, E, P = columns(LedgerTransaction), columns(LedgerEntry), columns(Party)
MOST_SHOWN = 20
BOOKS = ""
"""The source that stands for the ledger itself; modules have names."""


@requires(Permission.LEDGER_ENTRIES_READ)
def check(session: Session, actor: Actor) -> CheckOut:
    """Compare the books with zero and with every module's own records, owner by owner."""
    sums = session.execute(
        select(E.currency, func.count().label("entries"), func.sum(E.amount_minor).label("sum"))
        .group_by(E.currency)
        .order_by(E.currency)
    )
    total = [SumOut.model_validate(row) for row in sums]
    unbalanced, (accounts, uncompared) = _unbalanced(session), _compared(session)
    well = not (
        any(each.sum for each in total) or unbalanced or any(each.owners_differing for each in accounts)
    )
    return CheckOut(
        status="balanced" if well else "differs",
        transactions=session.scalar(select(func.count()).select_from(LedgerTransaction)) or 0,
        sums=total,
        unbalanced=unbalanced,
        accounts=accounts,
        uncompared=uncompared,
    )


def _unbalanced(session: Session) -> list[UnbalancedOut]:
    rows = session.execute(
        select(E.transaction_id, T.kind, E.currency, func.sum(E.amount_minor).label("sum"))
        .join_from(LedgerEntry, LedgerTransaction, E.transaction_id == T.id)
        .group_by(E.transaction_id, T.kind, E.currency)
        .having(func.sum(E.amount_minor) != 0)
        .order_by(E.transaction_id, E.currency)
        .limit(MOST_SHOWN)
    )
    return [UnbalancedOut.model_validate(row) for row in rows]


def _compared(session: Session) -> tuple[list[AccountOut], list[str]]:
    """Every account somebody registered for, and the names of the others."""
    sources: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    differing: dict[tuple[str, str], list[OwnerDifferenceOut]] = defaultdict(list)
    for row in _totals_and_differences(session):
        key = (row.account, row.currency)
        if row.is_source:
            sources[key][row.source] = row.ledger if row.source == BOOKS else row.modules
        else:
            differing[key].append(_difference(row.owner_id, row.ledger, row.modules))
    known = {balance.account for balance in registered_balances()}
    compared = sorted(key for key in sources if key[0] in known)
    return (
        [_account(*key, sources[key], differing[key]) for key in compared],
        sorted({account for account, _ in sources} - known),
    )


def _totals_and_differences(session: Session) -> Iterable[Row[Any]]:
    """Each source's total per account, and each owner for whom books and modules differ.

    One statement, so that both sides are read at the same moment while others go on posting.
    """
    a = _amounts().subquery("amounts").c
    ledger = func.coalesce(func.sum(a.minor).filter(a.source == BOOKS), 0)
    modules = func.coalesce(func.sum(a.minor).filter(a.source != BOOKS), 0)
    is_source = func.grouping(a.owner_id) == 1
    return session.execute(
        select(
            a.account,
            a.currency,
            a.source,
            a.owner_id,
            is_source.label("is_source"),
            ledger.label("ledger"),
            modules.label("modules"),
        )
        .group_by(
            func.grouping_sets(
                tuple_(a.account, a.currency, a.source), tuple_(a.account, a.currency, a.owner_id)
            )
        )
        .having(is_source | (ledger != modules))
        .order_by(a.account, a.currency, a.source, func.abs(ledger - modules).desc(), a.owner_id)
    )


def _amounts() -> CompoundSelect[Any]:
    owner_id = func.coalesce(P.merged_into_id, E.party_id, E.holder_id).label("owner_id")
    books = select(
        E.account, literal(BOOKS).label("source"), owner_id, E.currency, E.amount_minor.label("minor")
    ).join_from(LedgerEntry, Party, (P.id == E.party_id) & P.merged_into_id.is_not(None), isouter=True)
    believed = []
    for balance in registered_balances():
        owner, currency, minor = balance.statement.subquery().c
        believed.append(select(literal(str(balance.account)), literal(balance.name), owner, currency, minor))
    return union_all(books, *believed)


def _account(
    account: str, currency: str, sources: dict[str, int], differing: list[OwnerDifferenceOut]
) -> AccountOut:
    ledger = sources.get(BOOKS, 0)
    modules = [ModuleBalanceOut(name=name, balance=minor) for name, minor in sources.items() if name != BOOKS]
    return AccountOut(
        account=account,
        currency=currency,
        ledger=ledger,
        modules=modules,
        difference=ledger - sum(module.balance for module in modules),
        owners_differing=len(differing),
        differences=differing[:MOST_SHOWN],
    )


def _difference(owner_id: UUID | None, ledger: int, modules: int) -> OwnerDifferenceOut:
    return OwnerDifferenceOut(owner_id=owner_id, ledger=ledger, modules=modules, difference=ledger - modules)
