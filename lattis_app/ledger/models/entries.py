"""Balanced transactions and their entries; the application's role may only add to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, text
from sqlmodel import Field

from lattis_app.core import clock
from lattis_app.core.db import JOURNAL, Row


class LedgerTransaction(Row, table=True):
    """One business event in the books. A source posts each kind once, which makes posting twice impossible."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        Index("uq_ledger_transactions_source", "source_type", "source_id", "kind", unique=True),
        Index("ix_ledger_transactions_business_on", "business_on"),
        Index(
            "uq_ledger_transactions_reverses_id",
            "reverses_id",
            unique=True,
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
        {"info": JOURNAL},
    )
    audited: ClassVar[bool] = False

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    posted_at: datetime = Field(default_factory=clock.now)
    business_on: date
    kind: str = Field(max_length=60)
    source_type: str = Field(max_length=60)
    source_id: UUID
    memo: str = Field(default="", max_length=300)
    reverses_id: UUID | None = Field(default=None, foreign_key="ledger_transactions.id")


class LedgerEntry(Row, table=True):
    """One line of a transaction: an account, whose it is, and a signed amount (debit positive)."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_ledger_entries_transaction_id", "transaction_id"),
        Index(
            "ix_ledger_entries_party",
            "party_id",
            "account",
            "business_on",
            postgresql_where=text("party_id IS NOT NULL"),
        ),
        Index(
            "ix_ledger_entries_holder", "holder_id", "account", postgresql_where=text("holder_id IS NOT NULL")
        ),
        Index("ix_ledger_entries_account", "account", "business_on"),
        {"info": JOURNAL},
    )
    audited: ClassVar[bool] = False

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    seq: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    transaction_id: UUID = Field(foreign_key="ledger_transactions.id")
    business_on: date
    account: str = Field(max_length=40)
    party_id: UUID | None = Field(default=None, foreign_key="parties.id")
    holder_id: UUID | None = None
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
