"""What the business spends."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from lattis_app.core.columns import STATUS, one_of
from lattis_app.core.db import Record
from lattis_app.rental.statuses import ExpenseCategory, ExpenseStatus, PayoutMethod


class RentalExpense(Record, table=True):
    """Money spent. Its amount and day never change: a mistake is voided and recorded again."""

    __tablename__ = "rental_expenses"
    __table_args__ = (
        one_of("category", ExpenseCategory),
        one_of("status", ExpenseStatus),
        one_of("payment_method", PayoutMethod),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        Index("ix_rental_expenses_spent_on", "spent_on", "created_at"),
        Index("ix_rental_expenses_category", "category", "spent_on", "created_at"),
        Index("ix_rental_expenses_status", "status", "spent_on", "created_at"),
        Index("ix_rental_expenses_lorry_id", "lorry_id", "spent_on", "created_at"),
        Index("ix_rental_expenses_amount_minor", "amount_minor", "spent_on", "created_at"),
        Index("ix_rental_expenses_created_at", "created_at", "id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("description",)

    category: str = Field(max_length=20)
    description: str = Field(max_length=500)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default="MYR", max_length=3)
    spent_on: date
    payee: str = Field(default="", max_length=200)
    lorry_id: UUID | None = Field(default=None, foreign_key="rental_lorries.id")
    payment_method: str = Field(max_length=20)
    receipt_url: str = Field(default="", max_length=500)
    status: str = Field(default=ExpenseStatus.RECORDED, max_length=20)
    recorded_by: str = Field(default="", max_length=200)
    voided_at: datetime | None = None
    void_reason: str = Field(default="", max_length=500)
