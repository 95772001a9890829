"""Expenses: the list, the record with its receipts, and the forms to record, correct and void one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.attachments.queries import attachments
from lattis_app.attachments.schemas.attachments import AttachmentOut
from lattis_app.audit.pages.histories import history
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_rows import paper, photo
from lattis_app.rental.pages.offers import lorry_options
from lattis_app.rental.queries import expenses as queries
from lattis_app.rental.queries import lorries
from lattis_app.rental.schemas.expenses import (
    ExpenseChanges,
    ExpenseEntry,
    ExpenseFilters,
    ExpenseOut,
    ExpenseVoid,
)
from lattis_app.rental.services import expenses as services
from lattis_app.rental.statuses import ExpenseCategory, ExpenseStatus, PayoutMethod
from lattis_app.ui import moments
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Corrections, Draft
from lattis_app.ui.forms import Fields, form_sheet, side_by_side, upload
from lattis_app.ui.frame import FrameState
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import (
    HistoryRow,
    PhotoRow,
    files,
    next_steps,
    photos,
    record_head,
    record_panel,
    tabs,
)
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally
from lattis_app.ui.values import dash, typed

MANAGE = Permission.RENTAL_EXPENSES_MANAGE
CATEGORIES = tuple((str(category), words(category)) for category in ExpenseCategory)
STATUSES = tuple((str(status), words(status)) for status in ExpenseStatus)
METHODS = tuple((str(method), words(method.lower())) for method in PayoutMethod)
TONES = {"recorded": "ok", "voided": "bad"}
LIST = ListSpec(
    "expenses",
    (
        Column("description", "What for", note="payee"),
        Column("category", "Category", sortable=True, priority=2),
        Column("expense_date", "Day", "date", sortable=True),
        Column("lorry", "Lorry", priority=3),
        Column("paid_by", "Paid by", hidden_by_default=True),
        Column("status", "Status", "badge", priority=3),
        Column("amount", "Amount (RM)", "money", sortable=True),
    ),
    filters=(
        Filter("category", "Category", options=CATEGORIES, several=True),
        Filter("status", "Status", options=STATUSES),
        Filter("lorry_id", "Lorry"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("Fuel", "category=fuel"), ("Workshop", "category=maintenance"), ("Voided", "status=voided")),
    search="What for, or payee",
    export="/v1/expenses",
)
EDITED = ("category", "description", "payee", "lorry_id", "receipt_url")
LABELS = {"spent_on": "Day", "amount_minor": "Amount (RM)"}


def row(expense: ExpenseOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    amount = Money(expense.amount, expense.currency)
    return {
        "id": str(expense.id),
        "description": expense.description,
        "payee": expense.payee,
        "category": words(expense.category),
        "expense_date": moments.day(expense.expense_date),
        "lorry": dash(expense.lorry_registration_no),
        "lorry_href": f"/rental/lorries?open={expense.lorry_id}" if expense.lorry_id else "",
        "paid_by": words(expense.payment_method.lower()),
        "status": words(expense.status),
        "status_tone": TONES[expense.status],
        "amount": amount.figures(),
        "amount_text": amount.text(),
        "counts": "true" if expense.status is ExpenseStatus.RECORDED else "",
        "void_reason": expense.void_reason,
        "receipt_url": expense.receipt_url,
        "recorded_by": dash(expense.recorded_by),
    }


def read(
    session: Any, actor: Actor, expense_id: UUID
) -> tuple[ExpenseOut, list[AttachmentOut], list[HistoryRow]]:
    """An expense with its receipts and its history. Raises NotFound."""
    found = queries.find(session, actor, expense_id)
    kept = attachments.list_for(session, actor, "EXPENSE", expense_id)
    return found, list(kept), history(session, actor, "rental_expenses", expense_id, LABELS)


def _void(session: Any, actor: Actor, expense_id: UUID, entry: ExpenseVoid) -> Any:
    return services.void(session, actor, expense_id, entry.reason)


class Expenses(RecordsMixin, rx.State):
    """Expenses with the open one."""

    record: dict[str, str] = {}
    pictures: list[PhotoRow] = []
    papers: list[dict[str, str]] = []
    events: list[HistoryRow] = []
    lorry_options: list[Option] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.lorry_options = await run(self, lorry_options)
        self.filter_options = {"lorry_id": self.lorry_options} | await named(
            self, "lorry_id", lorries.find, lambda found: str(found.registration_no)
        )

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ExpenseFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        spent = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, spent.text())

    async def _fetch_record(self, record_id: str) -> None:
        found, kept, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)
        self.pictures = [photo(each) for each in kept if each.thumbnail_url]
        self.papers = [paper(each) for each in kept if not each.thumbnail_url]

    @handler
    async def begin(self) -> Any:
        """Open the form of a new expense."""
        self.editing = ""
        self._begin({"expense_date": str(clock.today()), "payment_method": "BANK_TRANSFER"})
        return open_dialog("expense-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of what may be corrected about the open expense."""
        self.editing = self.open_id
        found = await run(self, queries.find, as_id(self.open_id))
        values = typed({name: getattr(found, name) for name in EDITED})
        self._begin(values | {"lorry_id_label": found.lorry_registration_no or ""})
        return open_dialog("expense-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Record a new expense, or keep the corrections of an old one."""
        if self.editing:
            changes = Corrections(ExpenseChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(ExpenseEntry, form))
        if saved is None:
            return None
        said = say("Expense saved") if self.editing else say("Expense recorded")
        self.open_id, self.editing = str(saved.id), ""
        return await self._done(said, closes="expense-sheet")

    @handler
    async def void(self, form: dict[str, Any]) -> Any:
        """Take the open expense back with the typed reason."""
        entry = Draft(ExpenseVoid, {"reason": form.get("reason", "")})
        if await self._submit(_void, as_id(self.open_id), entry) is None:
            return self._unsaid(closes="void-expense")
        return await self._done(say("Expense voided"), closes="void-expense")


@page("/rental/expenses", "Expenses", Permission.RENTAL_EXPENSES_READ, on_load=Expenses.load)
def expenses() -> rx.Component:
    """Expenses with the record beside the list."""
    state = Expenses
    new = if_may(MANAGE, button("New expense", kind="primary", glyph="plus", on_click=state.begin))
    return rx.fragment(
        page_header("Expenses", tally(state, "expense", "expenses", "spent"), new),
        data_table(
            state,
            LIST,
            label="Expenses",
            nothing=empty(
                "No expenses yet",
                "Fuel, workshop, wages: record what the business spends with its receipt, and the books and reports "
                "know it.",
                if_may(MANAGE, button("New expense", kind="primary", on_click=state.begin)),
                glyph="fuel",
            ),
        ),
        record_panel(state, *_record(), label="Expense"),
        _form(),
        confirm(
            "void-expense",
            "Void this expense?",
            "It no longer counts, and the books get the opposite entry today. What was wrong can be recorded again.",
            action="Void the expense",
            reason="Reason",
            on_confirm=state.void,
            attempt=state.attempt,
        ),
    )


def _record() -> list[rx.Component]:
    state, record = Expenses, Expenses.record
    steps = rx.fragment(
        button("Edit", glyph="pencil", on_click=state.edit),
        confirm_button("Void", "void-expense", kind="danger"),
    )
    return [
        record_head("Expense", record["description"], on_close=state.close_record),
        next_steps(only_while(record["counts"] != "", if_may(MANAGE, steps))),
        tabs(
            "expense-tabs",
            ("Summary", _summary(record)),
            ("Receipts", _receipts()),
            ("History", history_tab(state.events)),
            counts={1: state.pictures.length() + state.papers.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    lorry = rx.cond(record["lorry_href"] != "", link(record["lorry"], record["lorry_href"]), record["lorry"])
    elsewhere = rx.el.a(
        "Open the receipt",
        href=record["receipt_url"],
        target="_blank",
        rel="noopener noreferrer",
        class_name="link",
    )
    return stack(
        only_while(record["void_reason"] != "", notice("Voided", record["void_reason"], tone="bad")),
        key_values(
            ("Amount", money(record["amount_text"], strong=True)),
            ("Status", badge(record["status"], record["status_tone"])),
            ("Category", record["category"]),
            ("Day", record["expense_date"]),
            ("Paid to", rx.cond(record["payee"] != "", record["payee"], "–")),
            ("Paid by", record["paid_by"]),
            ("Lorry", lorry),
            ("Receipt elsewhere", rx.cond(record["receipt_url"] != "", elsewhere, "–")),
            ("Recorded by", record["recorded_by"]),
        ),
    )


def _receipts() -> rx.Component:
    state = Expenses
    kept = state.pictures.length() + state.papers.length()
    add = upload("EXPENSE", state.open_id, then=state.refresh, csrf=FrameState.csrf, label="Add receipts")
    return stack(
        only_while(kept == 0, rx.el.p("No receipt yet.", class_name="muted small")),
        only_while(state.pictures.length() > 0, photos(state.pictures)),
        only_while(state.papers.length() > 0, files(state.papers)),
        if_may(MANAGE, add),
    )


def _form() -> rx.Component:
    state, f = Expenses, Fields(Expenses, "expense")
    booked = rx.fragment(
        side_by_side(
            f.money("amount", "Amount", required=True), f.date("expense_date", "Day", required=True)
        ),
        f.select("payment_method", "Paid by", METHODS, required=True),
    )
    return form_sheet(
        state,
        "expense-sheet",
        rx.cond(state.editing, "Edit expense", "New expense"),
        f.select("category", "Category", CATEGORIES, required=True, empty="Choose…"),
        f.text("description", "What for", required=True),
        rx.cond(state.editing, rx.fragment(), booked),
        side_by_side(
            f.text("payee", "Paid to"), f.combobox("lorry_id", "Lorry", options=state.lorry_options)
        ),
        f.text(
            "receipt_url", "Link to the receipt", hint="Or add the receipt itself once the expense is saved"
        ),
        on_submit=state.save,
        submit="Save expense",
        note=rx.cond(state.editing, "Amount and day are in the books: void it to change them", ""),
    )
