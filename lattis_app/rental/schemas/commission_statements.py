"""An introducer's statement: what was agreed, clawed back, paid, and is still to be paid."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, MoneyOut, Out, Span
from lattis_app.rental.statuses import CommissionStatus


class CommissionStatementFilters(Span):
    """Whose statement, by the day each commission was agreed."""

    introducer_name: Annotated[str, Field(min_length=1, max_length=200), CLEAN]


class CommissionLineOut(Out):
    """A commission that was agreed, or with a negative amount a claw-back after a refund."""

    id: UUID
    agreed_on: date
    order_number: str
    customer_name: str
    refund_number: str
    status: CommissionStatus
    amount: MoneyOut
    paid_on: date | None
    reference: str
    currency: str


class CommissionStatementOut(Out):
    """The lines with their sums; `to_pay` is negative when the introducer owes something back."""

    introducer_name: str
    currency: str
    from_on: date | None
    to_on: date
    lines: list[CommissionLineOut]
    earned: MoneyOut
    clawed_back: MoneyOut
    total: MoneyOut
    paid: MoneyOut
    to_pay: MoneyOut
