"""Expenses over REST."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import Page
from lattis_app.rental.queries import expenses as queries
from lattis_app.rental.schemas.expenses import (
    ExpenseChanges,
    ExpenseEntry,
    ExpenseFilters,
    ExpenseOut,
    ExpenseVoid,
)
from lattis_app.rental.services import expenses
from lattis_app.web.routing import PageParams, Routes

routes = Routes("Expenses")


@routes.get("/expenses", queries.page)
def page(
    session: Session, actor: Actor, filters: Annotated[ExpenseFilters, Query()], request: PageParams
) -> Page[ExpenseOut]:
    return queries.page(session, actor, filters, request)


@routes.post("/expenses", expenses.create, status=201, idempotent=True)
def create(session: Session, actor: Actor, entry: ExpenseEntry) -> ExpenseOut:
    expense = expenses.create(session, actor, entry)
    session.flush()
    return queries.find(session, actor, expense.id)


@routes.get("/expenses/{expense_id}", queries.find)
def find(session: Session, actor: Actor, expense_id: UUID) -> ExpenseOut:
    return queries.find(session, actor, expense_id)


@routes.patch("/expenses/{expense_id}", expenses.update)
def update(session: Session, actor: Actor, expense_id: UUID, changes: ExpenseChanges) -> ExpenseOut:
    expenses.update(session, actor, expense_id, changes)
    session.flush()
    return queries.find(session, actor, expense_id)


@routes.post("/expenses/{expense_id}/void", expenses.void, idempotent=True)
def void(session: Session, actor: Actor, expense_id: UUID, entry: ExpenseVoid) -> ExpenseOut:
    expenses.void(session, actor, expense_id, entry.reason)
    session.flush()
    return queries.find(session, actor, expense_id)
