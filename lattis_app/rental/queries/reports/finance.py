"""Reports of the whole business, of commissions, refunds and expenses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Select, SQLColumnExpression, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.queries.reports.parts import (
    BALANCE,
    COUNTED,
    EXPECTED,
    OFFICIAL,
    B,
    D,
    F,
    I,
    K,
    P,
    X,
    added,
    answer,
    at_moments,
    by_period,
    count,
    on_days,
    one_each,
    span_of,
    total,
)
from lattis_app.rental.rules.reports import share
from lattis_app.rental.schemas.reports.finance import (
    CommissionRow,
    CommissionSums,
    ExpenseFilters,
    ExpenseRow,
    ExpenseSums,
    RefundRow,
    RefundTotals,
    SummaryRow,
    SummarySums,
)
from lattis_app.rental.schemas.reports.parts import PeriodFilters, ReportFilters, ReportOut
from lattis_app.rental.statuses import CommissionStatus, ExpenseCategory, ExpenseStatus, RefundStatus

FIGURES = [name for name in SummarySums.model_fields if name != "net_cash"]
SPENT = X.status == ExpenseStatus.RECORDED


def business_day(moment: SQLColumnExpression[Any]) -> Any:
    """The business date on which a moment falls."""
    return cast(func.timezone(str(clock.business_zone()), moment), Date)


@requires(Permission.RENTAL_REPORTS_READ)
def summary(session: Session, actor: Actor, filters: PeriodFilters) -> ReportOut[SummarySums, SummaryRow]:
    """The whole business by period: orders, sales, money in and money out."""
    paid_on = business_day(K.paid_at)
    parts = (
        _daily(B.scheduled_on, bookings=count()).where(EXPECTED, on_days(B.scheduled_on, filters)),
        _daily(D.service_on, delivery_orders=count()).where(OFFICIAL, on_days(D.service_on, filters)),
        _daily(
            I.issued_on,
            invoices_issued=count(),
            sales_total=total(I.total_minor),
            outstanding_total=total(BALANCE),
        ).where(COUNTED, on_days(I.issued_on, filters)),
        _daily(P.received_on, payments_total=total(P.amount_minor)).where(on_days(P.received_on, filters)),
        _daily(paid_on, commissions_total=total(K.amount_minor)).where(
            K.status == CommissionStatus.PAID, at_moments(K.paid_at, filters)
        ),
        _daily(business_day(F.processed_at), refunds_total=total(F.amount_minor)).where(
            at_moments(F.processed_at, filters)
        ),
        _daily(X.spent_on, expenses_total=total(X.amount_minor)).where(SPENT, on_days(X.spent_on, filters)),
    )
    found = session.execute(union_all(*parts))
    rows = [_with_net_cash(row) for row in by_period(SummaryRow, filters, filters.step, found)]
    return answer(span_of(filters), added(SummarySums, rows), rows)


def _daily(day: SQLColumnExpression[Any], **figures: Any) -> Select[Any]:
    """A select of one day's figures, the others 0, so that several can be put under each other."""
    each = [figures.get(name, literal(0)).label(name) for name in FIGURES]
    return select(day.label("day"), *each).group_by(day)


def _with_net_cash(row: SummaryRow) -> SummaryRow:
    out = row.refunds_total + row.expenses_total + row.commissions_total
    return row.model_copy(update={"net_cash": row.payments_total - out})


@requires(Permission.RENTAL_REPORTS_READ)
def commissions(
    session: Session, actor: Actor, filters: ReportFilters
) -> ReportOut[CommissionSums, CommissionRow]:
    """What each introducer waits for now, and what was approved for and paid to them in the span."""
    approved, paid = (at_moments(moment, filters) for moment in (K.approved_at, K.paid_at))
    waits = (CommissionStatus.PENDING, CommissionStatus.ELIGIBLE, CommissionStatus.APPROVED)
    statement = (
        select(
            K.introducer_name,
            count(K.status == CommissionStatus.PENDING).label("waiting"),
            count(K.status == CommissionStatus.ELIGIBLE).label("to_approve"),
            total(K.amount_minor, K.status == CommissionStatus.APPROVED).label("to_pay"),
            total(K.amount_minor, approved).label("approved"),
            total(K.amount_minor, paid & (K.status == CommissionStatus.PAID)).label("paid"),
        )
        .where(or_(K.status.in_(waits), approved, paid))
        .group_by(K.introducer_name)
        .order_by(K.introducer_name)
    )
    rows = [CommissionRow(**row._mapping) for row in session.execute(statement)]
    return answer(span_of(filters), added(CommissionSums, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def refunds(session: Session, actor: Actor, filters: ReportFilters) -> ReportOut[RefundTotals, RefundRow]:
    """Refunds asked for in the span by status, and what was given back in it."""
    asked, given = on_days(F.requested_on, filters), at_moments(F.processed_at, filters)
    statement = (
        select(
            F.status,
            count(asked).label("refunds"),
            total(F.amount_minor, asked).label("amount"),
            total(F.amount_minor, given).label("given_back"),
        )
        .where(or_(asked, given))
        .group_by(F.status)
    )
    found = session.execute(statement).all()
    rows = one_each(RefundRow, "status", RefundStatus, found)
    standing = [row for row in rows if row.status is not RefundStatus.REJECTED]
    given_back = sum(int(row.given_back) for row in found)
    return answer(span_of(filters), added(RefundTotals, standing, given_back=given_back), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def expenses(session: Session, actor: Actor, filters: ExpenseFilters) -> ReportOut[ExpenseSums, ExpenseRow]:
    """What was spent, by category, by the day it was spent; voided expenses are left out."""
    sums = (count().label("expenses"), total(X.amount_minor).label("amount"), literal(0).label("share"))
    statement = select(X.category, *sums).where(SPENT, on_days(X.spent_on, filters)).group_by(X.category)
    chosen = filters.category or ExpenseCategory
    rows = one_each(ExpenseRow, "category", chosen, session.execute(statement))
    totals = added(ExpenseSums, rows)
    shared = [row.model_copy(update={"share": share(row.amount, totals.amount)}) for row in rows]
    return answer(span_of(filters), totals, shared)
