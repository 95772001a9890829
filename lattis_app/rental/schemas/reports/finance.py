"""Reports of the whole business, of commissions, refunds and expenses."""

from __future__ import annotations

from typing import Annotated

from lattis_app.core.schemas import MoneyOut, Out, any_of
from lattis_app.rental.schemas.reports.parts import PeriodOut, ReportFilters, Tenths
from lattis_app.rental.statuses import ExpenseCategory, RefundStatus


class SummarySums(Out):
    """The business: `outstanding_total` is still open on the invoices issued, commissions are those paid out.

    `net_cash` is payments less refunds, expenses and commissions.
    """

    bookings: int
    delivery_orders: int
    invoices_issued: int
    sales_total: MoneyOut
    payments_total: MoneyOut
    outstanding_total: MoneyOut
    refunds_total: MoneyOut
    expenses_total: MoneyOut
    commissions_total: MoneyOut
    net_cash: MoneyOut


class SummaryRow(SummarySums, PeriodOut):
    """The business of one period."""


class CommissionSums(Out):
    """Commissions: how many wait now, what is to be paid now, and what was approved and paid in the span."""

    waiting: int
    to_approve: int
    to_pay: MoneyOut
    approved: MoneyOut
    paid: MoneyOut


class CommissionKey(Out):
    """Who is owed a commission."""

    introducer_name: str


class CommissionRow(CommissionSums, CommissionKey):
    """One introducer's commissions."""


class RefundRow(Out):
    """The refunds asked for in the span that stand at one status."""

    status: RefundStatus
    refunds: int
    amount: MoneyOut


class RefundTotals(Out):
    """Refunds asked for in the span, rejected ones left out, and what was given back in it."""

    refunds: int
    amount: MoneyOut
    given_back: MoneyOut


class ExpenseFilters(ReportFilters):
    """A span, of one category or several separated by commas."""

    category: Annotated[tuple[ExpenseCategory, ...], any_of(ExpenseCategory)] = ()


class ExpenseSums(Out):
    """Expenses, and what they come to."""

    expenses: int
    amount: MoneyOut


class CategoryKey(Out):
    """What money is spent on."""

    category: ExpenseCategory


class ExpenseRow(ExpenseSums, CategoryKey):
    """The expenses of one category; the share is of all that was spent, in percent."""

    share: Tenths
