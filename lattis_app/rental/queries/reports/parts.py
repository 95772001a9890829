"""What the reports' statements are made of, and how their rows become an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from lattis_app.core.clock import start_of
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid
from lattis_app.core.pagination import LARGEST_EXPORT
from lattis_app.core.schemas import Out
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalBin,
    RentalBinMovement,
    RentalBooking,
    RentalCommission,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDriver,
    RentalExpense,
    RentalInvoice,
    RentalLorry,
    RentalLorryTrip,
    RentalPayment,
    RentalRefund,
    RentalRentableLorry,
)
from lattis_app.rental.queries.bins import place
from lattis_app.rental.rules.reports import Granularity, Period, count_periods, periods, place_of
from lattis_app.rental.schemas.reports.parts import MOST_ROWS, ReportFilters, ReportOut
from lattis_app.rental.statuses import BookingStatus, DeliveryOrderStatus, InvoiceStatus

I, P, D = columns(RentalInvoice), columns(RentalPayment), columns(RentalDeliveryOrder)  # noqa: E741 — one letter per table
B, N, M, T = columns(RentalBooking), columns(RentalBin), columns(RentalBinMovement), columns(RentalLorryTrip)
C, Y, R, L = columns(RentalCustomer), columns(Party), columns(RentalDriver), columns(RentalLorry)
K, X, F, H = (columns(each) for each in (RentalCommission, RentalExpense, RentalRefund, RentalRentableLorry))
COUNTED = I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED))
OPEN = I.status.in_((InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID))
OFFICIAL = D.status.not_in((DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED))
EXPECTED = B.status != BookingStatus.CANCELLED
BALANCE = I.total_minor - I.paid_minor
BILLED_TO = func.coalesce(I.bill_to["name"].astext, Y.name)
IN_ALL = func.count().label("in_all")
MOST_PERIODS = 1_100

S = TypeVar("S", bound=Out)
Span = tuple[date | None, date | None]


def total(column: SQLColumnExpression[Any], condition: ColumnElement[bool] | None = None) -> Any:
    """The sum of a column, where the condition holds; 0 when there is nothing."""
    added = func.sum(column)
    return func.coalesce(added if condition is None else added.filter(condition), 0)


def count(*conditions: ColumnElement[bool]) -> Any:
    """How many rows there are, where all the conditions hold."""
    return func.count().filter(*conditions) if conditions else func.count()


def on_days(column: SQLColumnExpression[Any], filters: ReportFilters) -> ColumnElement[bool]:
    """A business date inside the span."""
    return column.between(filters.since, filters.until)


def at_moments(column: SQLColumnExpression[Any], filters: ReportFilters) -> ColumnElement[bool]:
    """A moment inside the span, whose days begin and end at midnight of the business."""
    return (column >= start_of(filters.since)) & (column < start_of(filters.until + timedelta(days=1)))


def in_place(
    statement: Select[Any], area: SQLColumnExpression[Any], state: SQLColumnExpression[Any], filters: Any
) -> Select[Any]:
    """Only the area and state that are asked for."""
    for column, wanted in ((area, filters.area), (state, filters.state)):
        if wanted:
            statement = statement.where(place(column, wanted))
    return statement


def only(statement: Select[Any], column: SQLColumnExpression[Any], wanted: UUID | None) -> Select[Any]:
    """Only the record asked for, or all."""
    return statement if wanted is None else statement.where(column == wanted)


def span_of(filters: ReportFilters) -> Span:
    """The first and the last day."""
    return filters.since, filters.until


def periods_of(filters: ReportFilters, granularity: Granularity) -> list[Period]:
    """The periods of the span. Invalid when there are too many to read."""
    if count_periods(filters.since, filters.until, granularity) > MOST_PERIODS:
        raise Invalid.field("from", f"to `to` are more than {MOST_PERIODS:,} periods: choose longer ones")
    return periods(filters.since, filters.until, granularity)


def by_period(
    schema: type[S], filters: ReportFilters, granularity: Granularity, days: Iterable[Row[Any]]
) -> list[S]:
    """Rows of (day, figures by the schema's names) added up into every period, empty ones with zeros."""
    spans = periods_of(filters, granularity)
    starts = [each.from_on for each in spans]
    figures = [name for name in schema.model_fields if name not in ("period", "from_on", "to_on", "date")]
    sums = [dict.fromkeys(figures, 0) for _ in spans]
    for day in days:
        into = sums[place_of(day.day, starts)]
        for name, value in day._mapping.items():
            if name in into:
                into[name] += int(value or 0)
    return [
        schema(**{"period": each.name, "from_on": each.from_on, "to_on": each.to_on, "date": each.from_on} | sum_)
        for each, sum_ in zip(spans, sums, strict=True)
    ]  # fmt: skip


def one_each(
    schema: type[S], key: str, values: Iterable[str], rows: Iterable[Row[*tuple[Any, ...]]]
) -> list[S]:
    """One row for every value of a key, with zeros for a value that the statement found nothing of."""
    found = {row._mapping[key]: row._mapping for row in rows}
    names = [name for name in schema.model_fields if name != key]
    return [
        schema(**{name: found[value][name] if value in found else 0 for name in names} | {key: value})
        for value in values
    ]


def added(schema: type[S], rows: Iterable[Any], **further: Any) -> S:
    """The totals: each figure of the schema added up over all rows."""
    kept = list(rows)
    names = [name for name in schema.model_fields if name not in further]
    return schema(**{name: sum(getattr(row, name) for row in kept) for name in names}, **further)


def answer(span: Span, totals: Any, rows: Sequence[Any]) -> ReportOut[Any, Any]:
    """A report whose rows are all shown."""
    return ReportOut(from_on=span[0], to_on=span[1], totals=totals, rows=list(rows), rows_in_all=len(rows))


def ranked(
    session: Session,
    span: Span,
    statement: Select[Any],
    order: Sequence[str],
    row: type[Out],
    totals: type[Out],
    most: int,
    counted: str,
) -> ReportOut[Any, Any]:
    """A report of one sum per record: the first of them in an order, and the totals over all, which count them.

    A name in the order that begins with a minus comes from large to small.
    """
    each = statement.subquery()
    figures = [name for name in totals.model_fields if name != counted]
    sums = (func.sum(each.c[name]).over().label(f"all_{name}") for name in figures)
    by = (each.c[name[1:]].desc() if name[0] == "-" else each.c[name] for name in order)
    shown = select(each, *sums, func.count().over().label("in_all")).order_by(*by).limit(most)
    found = [line._mapping for line in session.execute(shown)]
    in_all = found[0]["in_all"] if found else 0
    _refuse_cutting(in_all, most)
    return ReportOut(
        from_on=span[0],
        to_on=span[1],
        totals=totals(
            **{name: found[0][f"all_{name}"] if found else 0 for name in figures}, **{counted: in_all}
        ),
        rows=[row(**{name: line[name] for name in row.model_fields}) for line in found],
        rows_in_all=in_all,
    )


def _refuse_cutting(in_all: int, most: int) -> None:
    if most == LARGEST_EXPORT and in_all > most:
        raise Invalid.field("format", f"a file holds at most {most:,} rows: choose a shorter span")


def listed(
    session: Session,
    span: Span,
    statement: Select[Any],
    sums: Select[Any],
    row: type[Out],
    totals: type[Out],
    most: int = MOST_ROWS,
) -> ReportOut[Any, Any]:
    """A report whose rows may be many: as many as are wanted, and the sums over all, counted in `in_all`."""
    all_of_it = session.execute(sums).one()._mapping
    _refuse_cutting(all_of_it["in_all"], most)
    found = session.execute(statement.limit(most))
    return ReportOut(
        from_on=span[0],
        to_on=span[1],
        totals=totals(**{name: all_of_it[name] for name in totals.model_fields}),
        rows=[row(**{name: line._mapping[name] for name in row.model_fields}) for line in found],
        rows_in_all=all_of_it["in_all"],
    )
