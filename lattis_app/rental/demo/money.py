"""Cash handed over every other Friday, and a few refunds in every state."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.db import columns
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.rental.demo.story import DAYS, Story
from lattis_app.rental.models import RentalInvoice
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.schemas.refunds import RefundEntry, RefundPayout
from lattis_app.rental.services import driver_cash, hand_overs, refunds
from lattis_app.rental.statuses import InvoiceStatus

I = columns(RentalInvoice)  # noqa: E741 — one letter per table
FRIDAY, FORTNIGHT = 4, 14
SETTLED = (InvoiceStatus.PAID, InvoiceStatus.CLOSED)
ASKED_FOR = (
    (74, "Bin one size smaller than ordered", "50.00", "processed"),
    (41, "Charged for two days too many", "80.00", "processed"),
    (23, "Customer was promised a discount", "35.00", "rejected"),
    (9, "Driver came half a day late", "40.00", "approved"),
    (3, "Overcharge due to incorrect bin size", "60.00", "pending"),
    (1, "Paid for a load that was not taken", "120.00", "pending"),
)
"""How many days ago, why, how much, and what came of it."""


def plan_money(story: Story) -> None:
    """Plan the counts of drivers' cash and the refunds, with a chance of their own: the story stays as it is."""
    chance = Random(11)  # noqa: S311 — a demo, not a secret
    for offset in range(DAYS):
        day = story.first + timedelta(days=offset)
        if day.weekday() == FRIDAY and day.toordinal() % FORTNIGHT < FORTNIGHT // 2:
            story.plan(day, 18, partial(_count_everybody, story, chance), minute=30)
    for days_ago, reason, amount, outcome in ASKED_FOR:
        day = story.last - timedelta(days=days_ago)
        story.plan(day, 15, partial(_refund, story, reason, amount, outcome))
    story.plan(story.last - timedelta(days=1), 19, partial(_count_first, story))


def _count_everybody(story: Story, chance: Random, session: Session) -> None:
    for number, driver_id in enumerate(story.company.drivers):
        held = driver_cash.hold(session, driver_id, DEFAULT_CURRENCY).decimal
        if held <= 0:
            continue
        short = held > 100 and chance.random() < 0.08
        entry = HandOverEntry(
            counted=held - 10 if short else held,
            note="A ten-ringgit note short, agreed with the driver" if short else "",
        )
        counted = hand_overs.count(session, story.company.office, driver_id, entry)
        session.flush()
        if number % 3:
            hand_overs.confirm(session, story.company.crew[driver_id], counted.id)
        else:
            hand_overs.sign_off(session, story.company.office, counted.id)


def _count_first(story: Story, session: Session) -> None:
    """Yesterday evening's count, which its driver has still to confirm."""
    for driver_id in story.company.drivers[1:]:
        held = driver_cash.hold(session, driver_id, DEFAULT_CURRENCY).decimal
        if held > 0:
            note = "Change given at the last stop"
            entry = HandOverEntry(counted=held - Decimal(5), note=note)
            hand_overs.count(session, story.company.office, driver_id, entry)
            return


def _refund(story: Story, reason: str, amount: str, outcome: str, session: Session) -> None:
    """Of the newest invoice that is settled and not refunded yet."""
    settled = select(I.id).where(I.status.in_(SETTLED), I.refunded_minor == 0, I.paid_minor > 20_000)
    invoice_id = session.scalar(settled.order_by(I.invoice_number.desc()).limit(1))
    if invoice_id is None:
        return
    office = story.company.office
    entry = RefundEntry(target_type="INVOICE", target_id=invoice_id, reason=reason, amount=Decimal(amount))
    asked = refunds.request(session, office, entry)
    session.flush()
    if outcome == "rejected":
        refunds.reject(session, office, asked.id, "The discount was on the invoice already")
    elif outcome != "pending":
        refunds.approve(session, office, asked.id)
        session.flush()
    if outcome == "processed":
        refunds.process(session, office, asked.id, RefundPayout(reference="With apologies"))
