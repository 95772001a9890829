"""Reports of sales and of what customers owe. Sales are issued invoices that are not voided, by the day of issue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer, RentalDeliveryOrder, RentalInvoice, RentalPayment
from lattis_app.rental.queries.reports.parts import (
    BALANCE,
    BILLED_TO,
    COUNTED,
    IN_ALL,
    OFFICIAL,
    OPEN,
    C,
    D,
    I,
    P,
    Y,
    added,
    answer,
    by_period,
    count,
    in_place,
    listed,
    on_days,
    one_each,
    only,
    ranked,
    span_of,
    total,
)
from lattis_app.rental.schemas.reports.parts import (
    MOST_ROWS,
    AreaFilters,
    CustomerFilters,
    CustomerStandingFilters,
    PeriodFilters,
    ReportFilters,
    ReportOut,
    StandingFilters,
)
from lattis_app.rental.schemas.reports.sales import (
    AlertRow,
    AlertTotals,
    AreaSalesRow,
    CustomerRow,
    CustomerTotals,
    InvoicesByMethodRow,
    InvoiceStatusRow,
    InvoiceTotals,
    MethodFilters,
    PaidSums,
    PaymentRow,
    PaymentTotals,
    PendingRow,
    PendingTotals,
    PeriodSalesRow,
    SalesSums,
)
from lattis_app.rental.statuses import InvoiceStatus, PaymentMethod

SOON = timedelta(days=3)
SALES = (
    count().label("invoices"),
    total(I.subtotal_minor).label("subtotal"),
    total(I.tax_minor).label("tax"),
    total(I.total_minor).label("total"),
)
PAID = (SALES[0], SALES[3], total(I.paid_minor).label("paid"), total(BALANCE).label("balance"))


@requires(Permission.RENTAL_REPORTS_READ)
def period_sales(
    session: Session, actor: Actor, filters: PeriodFilters
) -> ReportOut[SalesSums, PeriodSalesRow]:
    """Sales by day, week or month."""
    days = select(I.issued_on.label("day"), *SALES).where(COUNTED, on_days(I.issued_on, filters))
    rows = by_period(PeriodSalesRow, filters, filters.step, session.execute(days.group_by(I.issued_on)))
    return answer(span_of(filters), added(SalesSums, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def by_status(
    session: Session, actor: Actor, filters: ReportFilters
) -> ReportOut[InvoiceTotals, InvoiceStatusRow]:
    """Issued invoices by status; the totals leave voided ones out."""
    overdue = total(BALANCE, OPEN & (I.due_on < clock.today())).label("overdue")
    statement = (
        select(I.status, *SALES, *PAID[2:], overdue)
        .where(on_days(I.issued_on, filters))
        .group_by(I.status)
    )  # fmt: skip
    found = session.execute(statement).all()
    issued = [status for status in InvoiceStatus if status is not InvoiceStatus.DRAFT]
    rows = one_each(InvoiceStatusRow, "status", issued, found)
    counted = [row for row in rows if row.status is not InvoiceStatus.VOIDED]
    sums = added(
        InvoiceTotals,
        counted,
        overdue=sum(int(each.overdue) for each in found),
        average_total=0,
        voided=sum(row.invoices for row in rows) - sum(row.invoices for row in counted),
    )
    average = sums.total // sums.invoices if sums.invoices else 0
    return answer(span_of(filters), sums.model_copy(update={"average_total": average}), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def by_method(
    session: Session, actor: Actor, filters: MethodFilters
) -> ReportOut[PaidSums, InvoicesByMethodRow]:
    """Sales by the way they are to be paid."""
    statement = select(I.payment_method.label("method"), *PAID).where(COUNTED, on_days(I.issued_on, filters))
    found = session.execute(statement.group_by(I.payment_method))
    rows = one_each(InvoicesByMethodRow, "method", filters.method or PaymentMethod, found)
    return answer(span_of(filters), added(PaidSums, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def by_area(session: Session, actor: Actor, filters: AreaFilters) -> ReportOut[SalesSums, AreaSalesRow]:
    """Sales by the place of the delivery order, the largest first."""
    statement = (
        select(D.area, D.state, *SALES)
        .join_from(RentalInvoice, RentalDeliveryOrder, I.delivery_order_id == D.id)
        .where(COUNTED, on_days(I.issued_on, filters))
        .group_by(D.area, D.state)
        .order_by(total(I.total_minor).desc(), D.area, D.state)
    )
    rows = [
        AreaSalesRow(**row._mapping)
        for row in session.execute(in_place(statement, D.area, D.state, filters))
    ]  # fmt: skip
    return answer(span_of(filters), added(SalesSums, rows), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def by_customer(
    session: Session, actor: Actor, filters: CustomerFilters, most: int = MOST_ROWS
) -> ReportOut[CustomerTotals, CustomerRow]:
    """What each customer ordered, bought, paid and owes, the best first."""
    each = _business(filters)
    sums = {name: total(each.c[name]) for name in ("delivery_orders", "invoices", "sales", "paid")}
    sums["balance"] = sums["sales"] - sums["paid"]
    statement = (
        select(
            each.c.customer_id,
            Y.name.label("customer"),
            *(value.label(name) for name, value in sums.items()),
            func.max(each.c.last_order_on).label("last_order_on"),
        )
        .join_from(each, RentalCustomer, each.c.customer_id == C.id)
        .join(Party, C.party_id == Y.id)
        .group_by(each.c.customer_id, Y.name)
    )
    order = ("-sales", "-delivery_orders", "customer", "customer_id")
    return ranked(session, span_of(filters), statement, order, CustomerRow, CustomerTotals, most, "customers")


def _business(filters: CustomerFilters) -> Subquery:
    """Invoices and orders of each customer, under each other."""
    sold = select(
        I.customer_id,
        literal(0).label("delivery_orders"),
        count().label("invoices"),
        total(I.total_minor).label("sales"),
        total(I.paid_minor).label("paid"),
        null().label("last_order_on"),
    ).where(COUNTED, on_days(I.issued_on, filters))
    ordered = select(
        D.customer_id, count(), literal(0), literal(0), literal(0), func.max(D.service_on)
    ).where(OFFICIAL, on_days(D.service_on, filters))
    return union_all(
        only(sold, I.customer_id, filters.customer_id).group_by(I.customer_id),
        only(ordered, D.customer_id, filters.customer_id).group_by(D.customer_id),
    ).subquery()


@requires(Permission.RENTAL_REPORTS_READ)
def paid_by_customer(
    session: Session, actor: Actor, filters: CustomerFilters, most: int = MOST_ROWS
) -> ReportOut[PaymentTotals, PaymentRow]:
    """The payments of a customer, or of all, the last first."""
    statement = (
        select(
            P.id.label("payment_id"),
            P.receipt_number,
            P.invoice_id,
            I.invoice_number,
            P.customer_id,
            Y.name.label("customer"),
            P.received_on,
            P.method,
            P.amount_minor.label("amount"),
        )
        .join_from(RentalPayment, RentalCustomer, P.customer_id == C.id)
        .join(Party, C.party_id == Y.id)
        .join(RentalInvoice, P.invoice_id == I.id, isouter=True)
        .where(on_days(P.received_on, filters))
        .order_by(P.received_at.desc(), P.receipt_number.desc())
    )
    sums = select(IN_ALL, count().label("payments"), total(P.amount_minor).label("amount"))
    chosen, all_of_it = (
        only(each, P.customer_id, filters.customer_id)
        for each in (statement, sums.where(on_days(P.received_on, filters)))
    )
    return listed(session, span_of(filters), chosen, all_of_it, PaymentRow, PaymentTotals, most)


@requires(Permission.RENTAL_REPORTS_READ)
def pending_by_customer(
    session: Session, actor: Actor, filters: CustomerStandingFilters, most: int = MOST_ROWS
) -> ReportOut[PendingTotals, PendingRow]:
    """The invoices that a customer, or anybody, has not paid in full, the longest overdue first."""
    shown, sums = (
        only(_issued(each, filters), I.customer_id, filters.customer_id) for each in _pending(clock.today())
    )
    return listed(session, (filters.from_on, filters.to_on), shown, sums, PendingRow, PendingTotals, most)


@requires(Permission.RENTAL_REPORTS_READ)
def pending_alerts(
    session: Session, actor: Actor, filters: StandingFilters, most: int = MOST_ROWS
) -> ReportOut[AlertTotals, AlertRow]:
    """The invoices that are overdue or due within three days, the longest overdue first."""
    today = clock.today()
    shown, sums = (_issued(each, filters).where(I.due_on <= today + SOON) for each in _pending(today))
    return listed(session, (filters.from_on, filters.to_on), shown, sums, AlertRow, AlertTotals, most)


def _pending(today: date) -> tuple[Select[Any], Select[Any]]:
    """Invoices not paid in full, and what they come to."""
    late: ColumnElement[bool] = I.due_on < today
    sums = select(
        IN_ALL, *PAID, count(late).label("overdue_invoices"), total(BALANCE, late).label("overdue")
    ).where(OPEN)
    shown = (
        select(
            I.id.label("invoice_id"),
            I.invoice_number,
            I.customer_id,
            BILLED_TO.label("customer"),
            I.issued_on,
            I.due_on,
            func.greatest(today - I.due_on, 0).label("days_overdue"),
            I.total_minor.label("total"),
            I.paid_minor.label("paid"),
            BALANCE.label("balance"),
        )
        .join_from(RentalInvoice, RentalCustomer, I.customer_id == C.id)
        .join(Party, C.party_id == Y.id)
        .where(OPEN)
        .order_by(I.due_on, I.invoice_number)
    )
    return shown, sums


def _issued(statement: Select[Any], filters: StandingFilters) -> Select[Any]:
    if filters.from_on is not None:
        statement = statement.where(I.issued_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(I.issued_on <= filters.to_on)
    return statement
