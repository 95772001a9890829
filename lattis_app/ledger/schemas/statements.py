"""Statements of account: what somebody owed, what happened, and what they owe now."""

from __future__ import annotations

import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from lattis_app.core.schemas import BusinessDate, Filters, MoneyOut, Out


class StatementFilters(Filters):
    """From when to when, both days included; without `from` since the beginning, without `to` until today."""

    from_on: Annotated[BusinessDate | None, Field(alias="from")] = None
    to_on: Annotated[BusinessDate | None, Field(alias="to")] = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.from_on and self.to_on and self.from_on > self.to_on:
            raise ValueError("from must not be after to")
        return self


class StatementLineOut(Out):
    """One event: a document, what it added to the debt or took from it, and the debt afterwards."""

    date: datetime.date
    kind: str
    document: str
    memo: str
    source_type: str
    source_id: UUID
    debit: MoneyOut
    credit: MoneyOut
    balance: MoneyOut


class AgeingOut(Out):
    """The closing balance by days overdue; the five add up to it once `unapplied` is taken off."""

    current: MoneyOut
    days_1_30: MoneyOut
    days_31_60: MoneyOut
    days_61_90: MoneyOut
    over_90: MoneyOut
    unapplied: MoneyOut


class StatementOut(Out):
    """A statement of account; a positive balance is owed to the business. `currencies` are all the party has used."""

    party_id: UUID
    party_name: str
    address: str
    currency: str
    currencies: list[str]
    from_on: datetime.date | None
    to_on: datetime.date
    opening: MoneyOut
    lines: list[StatementLineOut]
    debits: MoneyOut
    credits: MoneyOut
    closing: MoneyOut
    ageing: AgeingOut


class StatementRowOut(Out):
    """One row of a statement in a file."""

    date: datetime.date | None
    kind: str
    document: str
    memo: str
    debit: MoneyOut
    credit: MoneyOut
    balance: MoneyOut
    currency: str
