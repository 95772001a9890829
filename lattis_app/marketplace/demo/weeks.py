"""Twelve Mondays of billing, and who paid when: most in time, some late, some not yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, unit_of_work
from lattis_app.marketplace.demo.orders import WEEKS
from lattis_app.marketplace.demo.shops import Shops
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.rules.weeks import Week, week_at
from lattis_app.marketplace.schemas.invoices import ClaimEntry, PaymentEntry
from lattis_app.marketplace.services import generation, invoices, overdue
from lattis_app.marketplace.statuses import InvoiceStatus

I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
NEVER, LATE, CLAIMING = range(5, 17), (0, *range(20, 28)), range(40, 44)
"""Which sellers, by their number: do not pay the last weeks, paid late once, wait for their payment to be confirmed."""
PAID_ALIKE = text("""
WITH paid AS (
    UPDATE marketplace_invoices SET status = 'paid', paid_at = :at, paid_by = s.store_name, updated_at = :at,
        payment_notes = 'Bank transfer ' || invoice_number
    FROM marketplace_sellers s
    WHERE s.id = seller_id AND status = 'pending' AND week_starts_on = :week AND NOT seller_id = ANY(:others)
    RETURNING marketplace_invoices.id, invoice_number, s.party_id, s.store_name,
        platform_mkd_minor + affiliate_mkd_minor AS mkd, platform_eur_minor + affiliate_eur_minor AS eur
), settled AS (
    UPDATE marketplace_orders o SET seller_paid = true, payment_settled_at = :at
    FROM paid JOIN marketplace_invoice_items i ON i.invoice_id = paid.id
    WHERE o.id = i.order_id AND o.invoice_id = paid.id
), posted AS (
    INSERT INTO ledger_transactions (id, posted_at, business_on, kind, source_type, source_id, memo)
    SELECT gen_random_uuid(), :at, :day, 'seller_invoice.paid', 'marketplace_invoices', id, invoice_number
    FROM paid WHERE mkd + eur > 0 RETURNING id, source_id
), lines AS (
    INSERT INTO ledger_entries (id, transaction_id, business_on, account, party_id, amount_minor, currency)
    SELECT gen_random_uuid(), posted.id, :day, account, owner, minor, currency
    FROM posted JOIN paid ON paid.id = posted.source_id, LATERAL (VALUES
        ('bank', NULL, mkd, 'MKD'), ('receivable', party_id, -mkd, 'MKD'),
        ('bank', NULL, eur, 'EUR'), ('receivable', party_id, -eur, 'EUR')) line (account, owner, minor, currency)
    WHERE minor <> 0
)
INSERT INTO audit_entries (occurred_at, actor_name, actor_role, action, entity, entity_id, label, before, after,
    request_id, address)
SELECT :at, store_name, 'SELLER', 'status.paid', 'marketplace_invoices', id, invoice_number,
    '{"status": "pending"}', '{"status": "paid"}', '', '' FROM paid
""")
"""What 180 sellers do alike every week, as the service does it for one."""
FORGET_DELIVERIES = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'lattis.deliver_events'"
)
NEWS = text("""
SELECT id FROM events
WHERE occurred_at > :since AND (entity_id = :seller OR payload ->> 'seller_id' = CAST(:seller AS text)
    OR name = 'seller_invoice.payment_claimed')
ORDER BY seq
""")


def live_through(shops: Shops) -> None:
    """Bill each week on its Monday and let sellers pay, up to now; then tell Elena what is news."""
    now, this_week = clock.now(), week_at(clock.now())
    for back in range(WEEKS, 0, -1):
        billed = this_week.starts_on - timedelta(weeks=back)
        _live(shops, Week(billed), back, now)
    with unit_of_work() as session:
        session.execute(FORGET_DELIVERIES)
        since = now - timedelta(days=21)
        news = session.scalars(NEWS, {"seller": shops.sellers[0].id, "since": since}).all()
    events.deliver([str(event_id) for event_id in news])


def _live(shops: Shops, week: Week, back: int, now: datetime) -> None:
    monday = week.ends_at
    with clock.freeze(monday), unit_of_work() as session:
        generation.generate_due(session, SYSTEM, monday)
        session.execute(text("ANALYZE marketplace_invoices"))
    ids = shops.ids
    apart = [ids[number] for number in (*NEVER, *LATE, *CLAIMING)] if back <= 3 else []
    _at(monday + timedelta(days=2, hours=11), now, lambda session: _pay_alike(session, week, apart))
    if back == 1:
        _at(min(monday + timedelta(hours=10), now), now, lambda session: _claim(session, shops, week))
    saturday = monday + timedelta(days=5, hours=1)
    _at(saturday, now, lambda session: overdue.mark(session, SYSTEM, saturday))
    payers = [*LATE, *CLAIMING] if back == 3 else [*LATE[1:], *CLAIMING] if back == 2 else []
    _at(saturday + timedelta(days=2, hours=10), now, lambda session: _pay(session, shops, week, payers))


def _at(moment: datetime, now: datetime, scene: Callable[[Session], object]) -> None:
    """Let something happen at a time, unless that is still to come."""
    if moment <= now:
        with clock.freeze(moment), unit_of_work() as session:
            scene(session)


def _pay_alike(session: Session, week: Week, apart: list[UUID]) -> None:
    at = clock.now()
    session.execute(PAID_ALIKE, {"at": at, "day": at.date(), "week": week.starts_on, "others": apart})


def _of_week(session: Session, shops: Shops, week: Week, numbers: list[int]) -> list[UUID]:
    sellers = [shops.ids[number] for number in numbers]
    unpaid = (InvoiceStatus.PENDING, InvoiceStatus.OVERDUE)
    wanted = select(I.id).where(
        I.week_starts_on == week.starts_on, I.seller_id.in_(sellers), I.status.in_(unpaid)
    )
    return list(session.scalars(wanted.order_by(I.invoice_number)))


def _pay(session: Session, shops: Shops, week: Week, payers: list[int]) -> None:
    entry = PaymentEntry(payment_notes="Paid late by bank transfer")
    for invoice_id in _of_week(session, shops, week, payers):
        invoices.mark_paid(session, shops.office, invoice_id, entry)


def _claim(session: Session, shops: Shops, week: Week) -> None:
    for number in CLAIMING:
        seller = shops.sellers[number]
        owner = replace(shops.elena, user_id=None, name=seller.store_name, subject_id=seller.id)
        for invoice_id in _of_week(session, shops, week, [number]):
            entry = ClaimEntry(proof=f"Stopanska transfer {7000 + number}")
            invoices.claim_payment(session, owner, invoice_id, entry)
