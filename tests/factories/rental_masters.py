"""Expenses, price cards and rentable lorries for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalExpense
from lattis_app.rental.schemas.expenses import ExpenseEntry
from lattis_app.rental.services import expenses

_serial = count(1)
SEED_EXPENSE = {
    "category": "fuel",
    "description": "Fuel for lorry ABC123",
    "amount": 150.00,
    "expense_date": "2024-01-15",
    "receipt_url": "https://storage.example.com/receipts/fuel_001.pdf",
}


def make_expense(session: Session, **overrides: Any) -> RentalExpense:
    """Money spent, by default the seed's."""
    expense = expenses.create(session, SYSTEM, ExpenseEntry.model_validate(SEED_EXPENSE | overrides))
    session.flush()
    return expense
