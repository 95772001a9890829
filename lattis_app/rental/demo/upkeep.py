"""What the company spends, what it bills beyond its orders, and the bins it means to fetch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.db import columns
from lattis_app.rental.demo.story import DAYS, Story
from lattis_app.rental.models import RentalCharge, RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.schemas.delivery_orders import ReminderEntry
from lattis_app.rental.schemas.expenses import ExpenseEntry
from lattis_app.rental.services import charges, collection_reminders, expenses, invoices
from lattis_app.rental.statuses import ChargeStatus, FulfilmentStatus, InvoiceStatus

C, D, I = columns(RentalCharge), columns(RentalDeliveryOrder), columns(RentalInvoice)  # noqa: E741 — one letter per table
MONDAY = 0
PAY_DAYS = (7, 28)
REPAIRS = (
    (160, "Tyres", "Kedai Tayar Maju", "1480.00"),
    (118, "Hydraulic hose", "Workshop Ah Seng", "365.00"),
    (77, "Road tax and inspection", "Puspakom Padang Jawa", "690.00"),
    (32, "Brake pads", "Workshop Ah Seng", "540.00"),
    (4, "Bin repaired and painted", "Steel Works Klang", "820.00"),
)
BILLING_DAYS = (120, 60, 20)
"""How many days ago the office went through the queue of charges."""


def plan_upkeep(story: Story) -> None:
    """Plan expenses, the billing of charges and a few reminders, with a chance of their own."""
    chance = Random(23)  # noqa: S311 — a demo, not a secret
    lorries = story.company.lorries
    for offset in range(DAYS):
        day = story.first + timedelta(days=offset)
        if day.weekday() == MONDAY:
            litres = Decimal(chance.randrange(380, 620))
            fuel = {
                "category": "fuel",
                "description": f"Diesel, {litres} l",
                "amount": litres * Decimal("2.15"),
            }
            _spend(story, day, fuel | {"payee": "Petron Puchong", "lorry_id": chance.choice(lorries)})
        if day.day in PAY_DAYS:
            wages = {"category": "salary", "description": f"Wages, {day:%B}", "amount": "9400.00"}
            _spend(story, day, wages | {"payee": "Drivers"})
    for days_ago, what, payee, amount in REPAIRS:
        repair = {"category": "maintenance", "description": what, "payee": payee, "amount": amount}
        _spend(story, story.last - timedelta(days=days_ago), repair | {"lorry_id": chance.choice(lorries)})
    for days_ago in BILLING_DAYS:
        story.plan(story.last - timedelta(days=days_ago), 16, partial(_bill, story))
    story.plan(story.last - timedelta(days=1), 18, partial(_remind, story))


def _spend(story: Story, day: date, values: Mapping[str, object]) -> None:
    entry = ExpenseEntry.model_validate({"expense_date": day, **values})
    story.plan(day, 17, partial(_record, story, entry))


def _record(story: Story, entry: ExpenseEntry, session: Session) -> None:
    expenses.create(session, story.company.office, entry)


def _bill(story: Story, session: Session) -> None:
    """All that waits but one, which a good customer does not pay; half of the drafts are issued at once."""
    office = story.company.office
    waiting = list(
        session.scalars(select(C.id).where(C.status == ChargeStatus.UNBILLED).order_by(C.created_at))
    )
    if len(waiting) < 2:
        return
    charges.waive(session, office, waiting[0], "Agreed with the customer")
    charges.bill(session, office, waiting[1:100])
    session.flush()
    drafts = select(I.id).where(I.supplementary, I.status == InvoiceStatus.DRAFT).order_by(I.created_at, I.id)
    for invoice_id in session.scalars(drafts).all()[::2]:
        invoices.issue(session, office, invoice_id)


def _remind(story: Story, session: Session) -> None:
    """The bins that have been out longest are to be fetched, the first of them in a day."""
    out = (
        select(D.id)
        .where(D.fulfilment_status == FulfilmentStatus.DELIVERED)
        .order_by(D.service_on, D.id)
        .limit(4)
    )
    for days, order_id in enumerate(session.scalars(out).all()):
        at = clock.now() + timedelta(days=days + 1)
        entry = ReminderEntry(reminder_type="same_day" if days == 0 else "term_based", scheduled_date=at)
        collection_reminders.schedule(session, story.company.office, order_id, entry)
