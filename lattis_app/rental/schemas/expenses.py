"""Expenses as they are typed, corrected, filtered and shown (seed: "Expense Management")."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from lattis_app.core import clock
from lattis_app.core.schemas import (
    CLEAN,
    Amount,
    BusinessDate,
    Changes,
    Entry,
    MoneyOut,
    Out,
    Reason,
    Span,
    any_of,
)
from lattis_app.rental.statuses import ExpenseCategory, ExpenseStatus, PayoutMethod


def _not_in_the_future(day: date) -> date:
    if day > clock.today():
        raise ValueError("must not be in the future")
    return day


Description = Annotated[str, Field(min_length=1, max_length=500), CLEAN]
Payee = Annotated[str, Field(max_length=200), CLEAN]
Link = Annotated[str, Field(max_length=500, pattern=r"^https?://\S+$"), CLEAN]
Day = Annotated[BusinessDate, AfterValidator(_not_in_the_future)]


class ExpenseEntry(Entry):
    """Money spent, for what and from where; a receipt may lie elsewhere (`receipt_url`) or be attached."""

    category: ExpenseCategory
    description: Description
    amount: Amount
    expense_date: Day
    receipt_url: Link | None = None
    payee: Payee = ""
    lorry_id: UUID | None = None
    payment_method: PayoutMethod = PayoutMethod.BANK_TRANSFER


class ExpenseChanges(Changes):
    """What may be corrected. Amount, day and where the money came from are in the books: void and record again."""

    clearable = {"payee": "", "lorry_id": None, "receipt_url": ""}

    category: ExpenseCategory | None = None
    description: Description | None = None
    payee: Payee | None = None
    lorry_id: UUID | None = None
    receipt_url: Link | None = None


class ExpenseVoid(Entry):
    """Why an expense no longer counts."""

    reason: Reason


class ExpenseFilters(Span):
    """Which expenses to list, by the day they were made; `q` is part of the description or the payee."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    category: Annotated[tuple[ExpenseCategory, ...], any_of(ExpenseCategory)] = ()
    status: Annotated[tuple[ExpenseStatus, ...], any_of(ExpenseStatus)] = ()
    lorry_id: UUID | None = None


class ExpenseOut(Out):
    """Money spent."""

    id: UUID
    category: ExpenseCategory
    description: str
    amount: MoneyOut
    currency: str
    expense_date: date
    payee: str
    lorry_id: UUID | None
    lorry_registration_no: str | None
    payment_method: PayoutMethod
    receipt_url: str
    status: ExpenseStatus
    recorded_by: str
    voided_at: datetime | None
    void_reason: str
    created_at: datetime
    updated_at: datetime
