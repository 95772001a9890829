"""Where a merchant's money stands, and what came in week by week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, cast, func, literal_column, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.jobs import next_due, spec_of
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.names import JobName
from lattis_app.courier.models import CourierMerchantInvoice, CourierParcel
from lattis_app.courier.queries.merchant_invoices import OWING, UNPAID
from lattis_app.courier.queries.parcels import CLEARED, ELIGIBLE, NET, TO_SETTLE
from lattis_app.courier.queries.scopes import merchant_of
from lattis_app.courier.schemas.merchants import MerchantStanding, WeekOut
from lattis_app.courier.statuses import FINAL, MerchantInvoiceStatus, SettledBy
from lattis_app.identity.permissions import Permission, requires

C, I = columns(CourierParcel), columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table
WEEKS = 12


@requires(Permission.COURIER_STATEMENTS_READ)
def find(session: Session, actor: Actor, merchant_id: UUID | None) -> MerchantStanding:
    """What the next settlement holds, what is open, and what was paid; a merchant may leave the id out. NotFound."""
    asked = merchant_of(actor, merchant_id)
    parcels, invoices, last = _parcels(session, asked), _invoices(session, asked), _last(session, asked)
    return MerchantStanding(
        next_settlement_at=next_due(spec_of(JobName.COURIER_GENERATE_SETTLEMENTS), clock.now()),
        **{name: int(value) for name, value in {**parcels._mapping, **invoices._mapping}.items()},
        last_paid=last.payable_amount_minor if last else None,
        last_paid_at=last.paid_at if last else None,
        last_reference=last.payment_reference if last else None,
        currency=DEFAULT_CURRENCY,
    )


@requires(Permission.COURIER_STATEMENTS_READ)
def weeks(session: Session, actor: Actor, merchant_id: UUID | None) -> list[WeekOut]:
    """Cash collected on delivery in each of the last twelve weeks; a merchant may leave the id out. NotFound."""
    today = clock.today()
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    day = cast(func.timezone(clock.business_zone().key, C.delivered_at), Date)
    week = cast(func.date_trunc(literal_column("'week'"), day), Date).label("week")
    rows = session.execute(
        select(
            week,
            func.count().label("parcels"),
            func.sum(C.cod_collected_amount_minor).label("cod_collected"),
            func.sum(NET).label("payable"),
        )
        .where(
            C.merchant_id == merchant_of(actor, merchant_id),
            C.delivered_at >= clock.start_of(first),
            C.status.in_(FINAL),
        )
        .group_by(week)
    )
    found = {row.week: row for row in rows}
    return [_week(monday, found.get(monday)) for monday in (first + timedelta(weeks=n) for n in range(WEEKS))]


def _week(monday: date, row: Row[Any] | None) -> WeekOut:
    if row is None:
        return WeekOut(week=monday, parcels=0, cod_collected=0, payable=0)
    return WeekOut(
        week=monday, parcels=row.parcels, cod_collected=int(row.cod_collected), payable=int(row.payable)
    )


def _parcels(session: Session, merchant_id: UUID) -> Row[Any]:
    correction = func.coalesce(func.sum(C.clearance_amount_minor).filter(ELIGIBLE & CLEARED), 0)
    payable = func.coalesce(func.sum(NET).filter(ELIGIBLE & ~CLEARED), 0)
    statement = select(
        func.count().filter(ELIGIBLE).label("eligible_parcels"),
        (payable + correction).label("eligible_payable"),
        func.count().filter(TO_SETTLE & C.disputed_at.is_not(None)).label("held_parcels"),
    )
    return session.execute(statement.where(C.merchant_id == merchant_id, TO_SETTLE)).one()


def _invoices(session: Session, merchant_id: UUID) -> Row[Any]:
    amount = I.payable_amount_minor
    open_ = UNPAID & (amount >= 0)
    paid = (I.invoice_status == MerchantInvoiceStatus.PAID) & (I.settled_by == SettledBy.PAYOUT)
    statement = select(
        func.count().filter(open_).label("open_invoices"),
        func.coalesce(func.sum(amount).filter(open_), 0).label("open_payable"),
        func.coalesce(func.sum(amount).filter(OWING), 0).label("carried"),
        func.coalesce(func.sum(amount).filter(paid), 0).label("paid_in_all"),
    )
    return session.execute(statement.where(I.merchant_id == merchant_id)).one()


def _last(session: Session, merchant_id: UUID) -> Row[Any] | None:
    statement: Select[Any] = (
        select(I.payable_amount_minor, I.paid_at, I.payment_reference)
        .where(I.merchant_id == merchant_id, I.settled_by == SettledBy.PAYOUT)
        .order_by(I.paid_at.desc(), I.id)
        .limit(1)
    )
    return session.execute(statement).one_or_none()
