"""What customers owe by how long it is overdue."""

from __future__ import annotations

from uuid import UUID

from lattis_app.core.schemas import MoneyOut, Out


class AgeingSums(Out):
    """What is owed: not due yet, and overdue by days."""

    balance: MoneyOut
    current: MoneyOut
    days_1_30: MoneyOut
    days_31_60: MoneyOut
    days_61_90: MoneyOut
    over_90: MoneyOut


class AgeingKey(Out):
    """Who owes it."""

    customer_id: UUID
    customer: str


class AgeingRow(AgeingSums, AgeingKey):
    """What one customer owes."""


class AgeingTotals(AgeingSums):
    """What all of them owe."""

    customers: int
