"""What is spent, in the records and in the books (seed: "Expense Management")."""

from datetime import date
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, InvalidTransition, NotFound
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry, LedgerTransaction
from lattis_app.ledger.queries import checks
from lattis_app.rental.models import RentalExpense
from lattis_app.rental.schemas.expenses import ExpenseChanges, ExpenseEntry
from lattis_app.rental.services import expenses
from tests.factories.identity import make_actor
from tests.factories.rental_masters import SEED_EXPENSE, make_expense
from tests.factories.rental_operations import make_driver, make_lorry

T, E = columns(LedgerTransaction), columns(LedgerEntry)


def postings(session, expense):
    """What the books say of an expense: kind, day, account and amount."""
    session.flush()
    rows = session.execute(
        select(T.kind, T.business_on, E.account, E.amount_minor)
        .join_from(LedgerTransaction, LedgerEntry, E.transaction_id == T.id)
        .where(T.source_id == expense.id)
        .order_by(T.kind, E.account)
    )
    return [tuple(row) for row in rows]


def difference(session):
    return {each.account: each.difference for each in checks.check(session, SYSTEM).accounts}


@pytest.mark.parametrize(
    ("method", "account"),
    [("BANK_TRANSFER", "bank"), ("CASH", "office_cash"), ("CHEQUE", "cheques"), ("EWALLET", "ewallet")],
)
def test_an_expense_leaves_where_it_was_paid_from_on_its_own_day(session, method, account):
    expense = make_expense(session, payment_method=method)
    assert postings(session, expense) == sorted(
        [
            ("expense.recorded", date(2024, 1, 15), "expenses", 15000),
            ("expense.recorded", date(2024, 1, 15), account, -15000),
        ],
        key=lambda entry: entry[2],
    )
    assert set(difference(session).values()) == {0}


def test_a_voided_expense_leaves_the_books_as_they_were(session, clock):
    expense = make_expense(session)
    expenses.void(session, SYSTEM, expense.id, "Typed twice")
    assert (expense.status, expense.void_reason, expense.voided_at) == ("voided", "Typed twice", clock.now())
    assert postings(session, expense)[2:] == [
        ("expense.recorded.reversed", date(2026, 3, 16), "bank", 15000),
        ("expense.recorded.reversed", date(2026, 3, 16), "expenses", -15000),
    ]
    assert difference(session)["expenses"] == 0


def test_an_expense_is_voided_once(session):
    expense = make_expense(session)
    expenses.void(session, SYSTEM, expense.id, "Typed twice")
    booked = postings(session, expense)
    with pytest.raises(InvalidTransition):
        expenses.void(session, SYSTEM, expense.id, "Once more")
    assert (postings(session, expense), expense.void_reason) == (booked, "Typed twice")


def test_what_an_expense_was_for_can_be_corrected_until_it_is_voided(session):
    expense, lorry = make_expense(session), make_lorry(session)
    changes = ExpenseChanges(category="maintenance", payee="Kedai Tayar", lorry_id=lorry.id, receipt_url=None)
    expenses.update(session, SYSTEM, expense.id, changes)
    assert (expense.category, expense.payee, expense.lorry_id, expense.receipt_url) == (
        "maintenance",
        "Kedai Tayar",
        lorry.id,
        "",
    )
    expenses.void(session, SYSTEM, expense.id, "Typed twice")
    with pytest.raises(expenses.ExpenseVoided):
        expenses.update(session, SYSTEM, expense.id, ExpenseChanges(payee="Nobody"))
    assert expense.payee == "Kedai Tayar"


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": "1.001"},
        {"category": "bribes"},
        {"description": " "},
        {"expense_date": "2026-03-17"},
        {"expense_date": "15.1.2024"},
        {"receipt_url": "javascript:alert(1)"},
        {"payment_method": "GOLD"},
    ],
    ids=str,
)
def test_an_expense_that_makes_no_sense_is_refused(clock, wrong):
    with pytest.raises(ValidationError):
        ExpenseEntry.model_validate(SEED_EXPENSE | wrong)


def test_an_expense_for_a_lorry_nobody_has_is_refused_and_leaves_nothing(session):
    with pytest.raises(NotFound):
        make_expense(session, lorry_id=uuid4())
    assert session.scalars(select(RentalExpense)).all() == []
    assert session.scalars(select(LedgerTransaction)).all() == []


def test_a_driver_records_and_voids_nothing(session):
    driver = make_actor(session, Role.DRIVER, make_driver(session).id)
    expense = make_expense(session)
    with pytest.raises(Forbidden):
        expenses.create(session, driver, ExpenseEntry.model_validate(SEED_EXPENSE))
    with pytest.raises(Forbidden):
        expenses.void(session, driver, expense.id, "Because")
    assert [each.status for each in session.scalars(select(RentalExpense))] == ["recorded"]
