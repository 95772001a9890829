"""Finding expenses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalExpense, RentalLorry
from lattis_app.rental.schemas.expenses import ExpenseFilters, ExpenseOut
from lattis_app.rental.statuses import ExpenseStatus

E, L = columns(RentalExpense), columns(RentalLorry)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "expense_date": E.spent_on,
    "amount": E.amount_minor,
    "category": E.category,
    "created_at": E.created_at,
}
TIES = (E.spent_on, E.created_at, E.id)
SHOWN: Select[Any] = select(
    E.id,
    E.category,
    E.description,
    E.amount_minor.label("amount"),
    E.currency,
    E.spent_on.label("expense_date"),
    E.payee,
    E.lorry_id,
    L.registration_no.label("lorry_registration_no"),
    E.payment_method,
    E.receipt_url,
    E.status,
    E.recorded_by,
    E.voided_at,
    E.void_reason,
    E.created_at,
    E.updated_at,
).join_from(RentalExpense, RentalLorry, E.lorry_id == L.id, isouter=True)


@requires(Permission.RENTAL_EXPENSES_READ)
def page(session: Session, actor: Actor, filters: ExpenseFilters, request: PageRequest) -> Page[ExpenseOut]:
    """List expenses, the latest first. Sorts: expense_date, amount, category, created_at."""
    statement = sorted_by(_filtered(SHOWN, filters), request.sort, SORTS, "-expense_date", *TIES)
    return paginate(session, statement, request).map(lambda row: ExpenseOut(**row._mapping))


@requires(Permission.RENTAL_EXPENSES_READ)
def summarise(session: Session, actor: Actor, filters: ExpenseFilters) -> Money:
    """What the expenses that match come to; voided ones come to nothing."""
    statement = _filtered(select(func.coalesce(func.sum(E.amount_minor), 0)), filters)
    return Money(int(session.scalar(statement.where(E.status == ExpenseStatus.RECORDED)) or 0))


@requires(Permission.RENTAL_EXPENSES_READ)
def find(session: Session, actor: Actor, expense_id: UUID) -> ExpenseOut:
    """One expense, or NotFound."""
    row = session.execute(SHOWN.where(E.id == expense_id)).one_or_none()
    if row is None:
        raise NotFound.record("Expense", expense_id)
    return ExpenseOut(**row._mapping)


def _filtered(statement: Select[Any], filters: ExpenseFilters) -> Select[Any]:
    if filters.category:
        statement = statement.where(E.category.in_(filters.category))
    if filters.status:
        statement = statement.where(E.status.in_(filters.status))
    if filters.lorry_id is not None:
        statement = statement.where(E.lorry_id == filters.lorry_id)
    if filters.from_on is not None:
        statement = statement.where(E.spent_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(E.spent_on <= filters.to_on)
    if filters.q:
        found = (
            E.description.icontains(filters.q, autoescape=True),
            E.payee.icontains(filters.q, autoescape=True),
        )
        statement = statement.where(or_(*found))
    return statement
