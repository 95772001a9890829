"""Writing the books."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.models import LedgerEntry, LedgerTransaction
from lattis_app.ledger.rules import Posting, balanced, reversed_postings

T, E = columns(LedgerTransaction), columns(LedgerEntry)


@requires(Permission.LEDGER_ENTRIES_POST)
def post(
    session: Session,
    actor: Actor,
    kind: str,
    source: tuple[str, UUID],
    business_on: date,
    postings: Iterable[Posting],
    memo: str = "",
    reverses_id: UUID | None = None,
) -> LedgerTransaction:
    """Write one business event to the books. A source posts each kind once: a second time is a Conflict at commit.

    `source` is the table and id of the record that caused it. Raises Unbalanced.
    """
    lines = balanced(postings)
    transaction = LedgerTransaction(
        kind=kind,
        source_type=source[0],
        source_id=source[1],
        business_on=business_on,
        memo=memo[:300],
        reverses_id=reverses_id,
    )
    session.add(transaction)
    session.add_all(
        LedgerEntry(
            transaction_id=transaction.id,
            business_on=business_on,
            account=line.account,
            party_id=line.party_id,
            holder_id=line.holder_id,
            amount_minor=line.amount.minor,
            currency=line.amount.currency,
        )
        for line in lines
    )
    return transaction


@requires(Permission.LEDGER_ENTRIES_POST)
def reverse(
    session: Session, actor: Actor, kind: str, source: tuple[str, UUID], business_on: date, memo: str = ""
) -> LedgerTransaction:
    """Undo what a source posted under a kind, by a transaction with the opposite lines."""
    original = session.scalars(
        select(LedgerTransaction).where(
            T.source_type == source[0],
            T.source_id == source[1],
            T.kind == kind,
        )
    ).one()
    entries = session.scalars(select(LedgerEntry).where(E.transaction_id == original.id))
    lines = [
        Posting(
            Account(entry.account), Money(entry.amount_minor, entry.currency), entry.party_id, entry.holder_id
        )
        for entry in entries
    ]
    return post(
        session, actor, f"{kind}.reversed", source, business_on, reversed_postings(lines), memo, original.id
    )
