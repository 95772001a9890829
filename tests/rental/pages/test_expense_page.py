"""Expenses, event by event: what the page shows, keeps, refuses and takes back."""

import pytest
from sqlalchemy import select

from lattis_app.attachments.services import attachments
from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalExpense
from lattis_app.rental.pages.expenses import Expenses
from tests.factories.rental_delivery_orders import photo
from tests.factories.rental_masters import make_expense
from tests.factories.rental_operations import make_lorry
from tests.ui.visits import signed_in, visit

FORM = {
    "category": "fuel",
    "description": "Diesel",
    "amount": "1250.50",
    "expense_date": "2026-03-15",
    "payment_method": "CASH",
    "payee": "Petron Puchong",
    "lorry_id": "",
    "receipt_url": "",
}


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def opened(expense):
    return ("open_record", {"record_id": str(expense.id)})


def test_expenses_are_listed_in_words_with_what_was_spent(session, office):
    lorry = make_lorry(session, registration_no="WXY 1")
    expense = make_expense(session, payee="Petron", lorry_id=lorry.id)
    seen = visit(Expenses, office)
    (row,) = seen["rows"]
    shown = ("id", "description", "payee", "category", "expense_date", "lorry", "paid_by", "status", "amount")
    assert [row[name] for name in shown] == [
        str(expense.id), "Fuel for lorry ABC123", "Petron", "Fuel", "15 Jan 2024", "WXY 1", "Bank transfer", "Recorded",
        "150.00",
    ]  # fmt: skip
    assert (seen["total"], seen["note"]) == (1, "RM 150.00")


def test_the_address_narrows_expenses_and_names_the_lorry(session, office):
    lorry = make_lorry(session, registration_no="WXY 1")
    kept = make_expense(session, lorry_id=lorry.id)
    make_expense(session, category="salary")
    seen = visit(Expenses, office, address=f"/rental/expenses?lorry_id={lorry.id}&category=fuel,other")
    assert [row["id"] for row in seen["rows"]] == [str(kept.id)]
    assert [(chip["label"], chip["text"]) for chip in seen["chips"]] == [
        ("Category", "Fuel, Other"),
        ("Lorry", "WXY 1"),
    ]


def test_a_new_expense_is_recorded_and_stands_open(session, office):
    seen = visit(Expenses, office, ("begin", {}), ("save", {"form": FORM}))
    expense = session.scalars(select(RentalExpense)).one()
    assert (expense.amount_minor, expense.description, expense.payment_method, str(expense.spent_on)) == (
        125050,
        "Diesel",
        "CASH",
        "2026-03-15",
    )
    assert "Expense recorded" in seen.said
    assert (seen["open_id"], seen["record"]["amount_text"]) == (str(expense.id), "RM 1,250.50")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"amount": "0"}, {"amount": "Must be greater than 0"}),
        ({"amount": ""}, {"amount": "Fill this in"}),
        ({"expense_date": "2026-03-17"}, {"expense_date": "Must not be in the future"}),
        ({"expense_date": ""}, {"expense_date": "Fill this in"}),
        ({"category": ""}, {"category": "Fill this in"}),
        ({"description": " "}, {"description": "Fill this in"}),
        ({"lorry_id": "somewhere"}, {"lorry_id": "Choose one from the list"}),
    ],
    ids=str,
)
def test_an_expense_that_makes_no_sense_is_refused_beside_its_field(session, office, wrong, problem):
    seen = visit(Expenses, office, ("begin", {}), ("save", {"form": FORM | wrong}))
    assert seen["errors"] == problem
    assert session.scalars(select(RentalExpense)).all() == []


def test_an_expense_is_corrected_but_for_what_is_in_the_books(session, office):
    expense = make_expense(session, payee="Petron")
    form = {"category": "other", "description": "Toll", "payee": "", "receipt_url": "https://a.example/1.pdf"}
    seen = visit(Expenses, office, opened(expense), ("edit", {}), ("save", {"form": form}))
    session.refresh(expense)
    assert (
        expense.category,
        expense.description,
        expense.payee,
        expense.receipt_url,
        expense.amount_minor,
    ) == (
        "other",
        "Toll",
        "",
        "https://a.example/1.pdf",
        15000,
    )
    assert "Expense saved" in seen.said


def test_voiding_needs_a_reason(session, office):
    expense = make_expense(session)
    without = visit(Expenses, office, opened(expense), ("void", {"form": {"reason": " "}}))
    assert expense.status == "recorded"
    assert "void-expense" in without.said
    seen = visit(Expenses, office, opened(expense), ("void", {"form": {"reason": "Typed twice"}}))
    session.refresh(expense)
    assert (expense.status, seen["record"]["void_reason"], seen["record"]["counts"]) == (
        "voided",
        "Typed twice",
        "",
    )
    assert seen["note"] == "RM 0.00"


def test_receipts_stand_beside_their_expense(session, office):
    expense = make_expense(session)
    attachments.attach(session, SYSTEM, "EXPENSE", expense.id, photo("receipt.jpg"))
    session.flush()
    seen = visit(Expenses, office, opened(expense))
    assert (len(seen["pictures"]), seen["papers"]) == (1, [])
