"""Recording what the business spends (seed: "Expense Management")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import acting
from lattis_app.core.db import find
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.schemas import minor_of
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.rental.models import RentalExpense, RentalLorry
from lattis_app.rental.rules import postings
from lattis_app.rental.schemas.expenses import ExpenseChanges, ExpenseEntry
from lattis_app.rental.statuses import EXPENSE_LIFECYCLE, ExpenseStatus

TABLE = "rental_expenses"


class ExpenseVoided(PreconditionFailed):
    """The expense no longer counts, so nothing about it changes."""


@requires(Permission.RENTAL_EXPENSES_MANAGE)
def create(session: Session, actor: Actor, entry: ExpenseEntry) -> RentalExpense:
    """Record money spent, and post it on the day it was spent."""
    if entry.lorry_id is not None:
        find(session, RentalLorry, entry.lorry_id)
    expense = RentalExpense(
        category=entry.category,
        description=entry.description,
        amount_minor=minor_of(entry.amount),
        spent_on=entry.expense_date,
        payee=entry.payee,
        lorry_id=entry.lorry_id,
        payment_method=entry.payment_method,
        receipt_url=entry.receipt_url or "",
        recorded_by=acting(session).name,
    )
    session.add(expense)
    amount = Money(expense.amount_minor, expense.currency)
    entries.post(
        session,
        SYSTEM,
        postings.EXPENSE_RECORDED,
        (TABLE, expense.id),
        expense.spent_on,
        postings.expense_recorded(amount, entry.payment_method),
        expense.description,
    )
    return expense


@requires(Permission.RENTAL_EXPENSES_MANAGE)
def update(session: Session, actor: Actor, expense_id: UUID, changes: ExpenseChanges) -> RentalExpense:
    """Correct what an expense was for. Raises ExpenseVoided."""
    expense = find(session, RentalExpense, expense_id, lock=True)
    if expense.status == ExpenseStatus.VOIDED:
        raise ExpenseVoided("Expense is voided", field="status", reason="is voided")
    if changes.lorry_id is not None:
        find(session, RentalLorry, changes.lorry_id)
    for name, value in changes.given().items():
        setattr(expense, name, value)
    return expense


@requires(Permission.RENTAL_EXPENSES_MANAGE)
def void(session: Session, actor: Actor, expense_id: UUID, reason: str) -> RentalExpense:
    """Take an expense back; the books get the opposite entry today."""
    expense = find(session, RentalExpense, expense_id, lock=True)
    move(session, actor, expense, EXPENSE_LIFECYCLE, ExpenseStatus.VOIDED, reason=reason)
    expense.voided_at, expense.void_reason = clock.now(), reason
    source = (TABLE, expense.id)
    entries.reverse(session, SYSTEM, postings.EXPENSE_RECORDED, source, clock.today(), f"Void: {reason}")
    return expense
