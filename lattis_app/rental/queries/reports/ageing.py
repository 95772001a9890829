"""What customers owe by how long it is overdue: the open balance of each invoice by its due date."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer, RentalInvoice
from lattis_app.rental.queries.reports.parts import BALANCE, OPEN, C, I, Y, only, ranked, total
from lattis_app.rental.rules.ageing import BUCKETS, due_between
from lattis_app.rental.schemas.reports.ageing import AgeingRow, AgeingTotals
from lattis_app.rental.schemas.reports.parts import MOST_ROWS, CustomerStandingFilters, ReportOut


@requires(Permission.RENTAL_REPORTS_READ)
def by_customer(
    session: Session, actor: Actor, filters: CustomerStandingFilters, most: int = MOST_ROWS
) -> ReportOut[AgeingTotals, AgeingRow]:
    """What each customer owes by how long it is overdue, whoever owes most first."""
    sums_ = (total(BALANCE).label("balance"), *sums(clock.today()))
    statement = (
        select(I.customer_id, Y.name.label("customer"), *sums_)
        .join_from(RentalInvoice, RentalCustomer, I.customer_id == C.id)
        .join(Party, C.party_id == Y.id)
        .where(OPEN, *_issued(filters))
        .group_by(I.customer_id, Y.name)
    )
    span, order = (filters.from_on, filters.to_on), ("-balance", "customer", "customer_id")
    chosen = only(statement, I.customer_id, filters.customer_id)
    return ranked(session, span, chosen, order, AgeingRow, AgeingTotals, most, "customers")


def sums(today: date) -> list[Any]:
    """The open balance in each bucket, as columns of a statement over open invoices."""
    return [total(BALANCE, _due(*due_between(bucket, today))).label(bucket) for bucket in BUCKETS]


def _due(earliest: date | None, latest: date | None) -> ColumnElement[bool]:
    since = true() if earliest is None else I.due_on >= earliest
    return and_(since, true() if latest is None else I.due_on <= latest)


def _issued(filters: CustomerStandingFilters) -> list[ColumnElement[bool]]:
    days = []
    if filters.from_on is not None:
        days.append(I.issued_on >= filters.from_on)
    if filters.to_on is not None:
        days.append(I.issued_on <= filters.to_on)
    return days
