"""Statements of account (contract: api.md, "Ledger")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Row,
    Select,
    Uuid,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger import domains
from lattis_app.ledger.documents import statements as documents
from lattis_app.ledger.models import LedgerEntry, LedgerTransaction
from lattis_app.ledger.rules import Ageing, age
from lattis_app.ledger.schemas.statements import (
    AgeingOut,
    StatementFilters,
    StatementLineOut,
    StatementOut,
    StatementRowOut,
)
from lattis_app.parties.models import Party
from lattis_app.parties.queries import parties

T, E, P = columns(LedgerTransaction), columns(LedgerEntry), columns(Party)


@requires(Permission.LEDGER_ENTRIES_READ)
def find(session: Session, actor: Actor, party_id: UUID, filters: StatementFilters) -> StatementOut:
    """A party's statement of account in one currency, by default the one most used. NotFound."""
    party = parties.current(session, SYSTEM, party_id)
    party_id = party.id
    currencies = _currencies(session, party_id)
    currency = filters.currency or next(iter(currencies), DEFAULT_CURRENCY)
    to_on = filters.to_on or clock.today()
    events = _events(session, party_id, currency, to_on)
    before = [event for event in events if filters.from_on and event.business_on < filters.from_on]
    opening = sum(event.minor for event in before)
    lines = list(_lines(events[len(before) :], opening))
    return StatementOut(
        party_id=party_id,
        party_name=party.name,
        address=party.address,
        currency=currency,
        currencies=currencies,
        from_on=filters.from_on,
        to_on=to_on,
        opening=opening,
        lines=lines,
        debits=sum(line.debit for line in lines),
        credits=sum(line.credit for line in lines),
        closing=lines[-1].balance if lines else opening,
        ageing=AgeingOut.model_validate(_ageing(events, to_on)),
    )


@requires(Permission.LEDGER_ENTRIES_READ)
def rows(session: Session, actor: Actor, party_id: UUID, filters: StatementFilters) -> list[StatementRowOut]:
    """The statement as a table: opening balance, lines, closing balance."""
    found = find(session, actor, party_id, filters)

    def row(on: date | None, memo: str, debit: int, credit: int, balance: int) -> StatementRowOut:
        return StatementRowOut(
            date=on,
            kind="",
            document="",
            memo=memo,
            debit=debit,
            credit=credit,
            balance=balance,
            currency=found.currency,
        )

    return [
        row(found.from_on, "Opening balance", 0, 0, found.opening),
        *(StatementRowOut(**dict(line), currency=found.currency) for line in found.lines),
        row(found.to_on, "Closing balance", found.debits, found.credits, found.closing),
    ]


@requires(Permission.LEDGER_ENTRIES_READ)
def as_pdf(session: Session, actor: Actor, party_id: UUID, filters: StatementFilters) -> bytes:
    """The statement on the business's letterhead."""
    found = find(session, actor, party_id, filters)
    return documents.render(found, domains.letterhead(session), clock.now())


def _owned_by(party_id: UUID) -> ColumnElement[bool]:
    """Entries of a party, and of those that were merged into it: the books are never rewritten."""
    return E.party_id.in_(select(P.id).where(or_(P.id == party_id, P.merged_into_id == party_id)))


def _currencies(session: Session, party_id: UUID) -> list[str]:
    used = select(E.currency).where(_owned_by(party_id)).group_by(E.currency)
    return list(session.scalars(used.order_by(func.count().desc(), E.currency)))


def _events(session: Session, party_id: UUID, currency: str, to_on: date) -> Sequence[Row[Any]]:
    """What changed the party's balance until a day; what only moved between its accounts is left out."""
    original, reversal = (T.id.table.alias(name) for name in ("original", "reversal"))
    due = _due_dates()
    minor = func.sum(E.amount_minor)
    statement: Select[Any] = (
        select(
            T.business_on,
            T.kind,
            T.memo,
            T.source_type,
            T.source_id,
            original.c.memo.label("original_memo"),
            (T.reverses_id.is_not(None) | reversal.c.id.is_not(None)).label("is_undone"),
            func.coalesce(due.c.due_on, T.business_on).label("due_on"),
            func.coalesce(due.c.document_id, T.source_id).label("document_id"),
            due.c.id.is_not(None).label("has_document"),
            minor.label("minor"),
        )
        .join_from(LedgerEntry, LedgerTransaction, E.transaction_id == T.id)
        .outerjoin(original, T.reverses_id == original.c.id)
        .outerjoin(reversal, and_(reversal.c.reverses_id == T.id, reversal.c.business_on <= to_on))
        .outerjoin(due, and_(due.c.source_type == T.source_type, due.c.id == T.source_id))
        .where(_owned_by(party_id), E.currency == currency, E.business_on <= to_on)
        .group_by(
            T.id, original.c.id, original.c.memo, reversal.c.id, due.c.id, due.c.due_on, due.c.document_id
        )
        .having(minor != 0)
        .order_by(T.business_on, func.min(E.seq))
    )
    return session.execute(statement).all()


def _due_dates() -> FromClause:
    nothing = select(
        literal("").label("source_type"),
        null().cast(Uuid()).label("id"),
        null().cast(Uuid()).label("document_id"),
        null().cast(Date()).label("due_on"),
    )
    known = []
    for source_type, statement in domains.registered_due_dates().items():
        known.append(select(literal(source_type), *statement.subquery().c))
    return union_all(nothing.where(literal(False)), *known).subquery("due_dates")


def _lines(events: Sequence[Row[Any]], opening: int) -> Iterator[StatementLineOut]:
    balance = opening
    for event in events:
        balance += event.minor
        reversed_ = event.original_memo is not None
        yield StatementLineOut(
            date=event.business_on,
            kind=event.kind,
            document=event.original_memo if reversed_ else event.memo,
            memo=event.memo if reversed_ else "",
            source_type=event.source_type,
            source_id=event.source_id,
            debit=max(event.minor, 0),
            credit=max(-event.minor, 0),
            balance=balance,
        )


def _ageing(events: Sequence[Row[Any]], to_on: date) -> Ageing:
    """What was paid counts for its own document; what was undone is nothing."""
    left: dict[tuple[UUID, bool], int] = {}
    due: dict[tuple[UUID, bool], date] = {}
    for event in events:
        if not event.is_undone:
            document = (event.document_id, event.has_document)
            left[document] = left.get(document, 0) + event.minor
            due[document] = event.due_on
    charges = [(due[document], minor) for document, minor in left.items() if minor > 0]
    credits_ = [(has_document, -minor) for (_, has_document), minor in left.items() if minor < 0]
    found = age(charges, sum(minor for has_document, minor in credits_ if not has_document), to_on)
    waiting = sum(minor for has_document, minor in credits_ if has_document)
    return replace(found, unapplied=found.unapplied + waiting)
