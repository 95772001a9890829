"""Where a merchant stands: what it is owed, what was paid, and its cash by week."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.core.settings import settings
from lattis_app.courier.models import CourierMerchantInvoice, CourierParcel
from lattis_app.courier.queries import merchants
from lattis_app.courier.queries.merchant_invoices import OWING, UNPAID
from lattis_app.courier.queries.parcels import CLEARED, ELIGIBLE, NET, TO_SETTLE
from lattis_app.courier.schemas.merchants import MerchantStanding, WeekOut
from lattis_app.courier.statuses import FINAL, MerchantInvoiceStatus
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.queries import statements
from lattis_app.ledger.schemas.statements import StatementFilters, StatementOut, StatementRowOut

C, I = columns(CourierParcel), columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table
WEEKS = 12


@requires(Permission.COURIER_STATEMENTS_READ)
def find(session: Session, actor: Actor, merchant_id: UUID) -> MerchantStanding:
    """What a merchant is owed now: what the next settlement holds, what waits for payment, what was paid last. NotFound."""
    merchant = merchants.find(session, actor, merchant_id)
    worth = func.sum(NET).filter(ELIGIBLE & ~CLEARED)
    cleared = func.sum(C.clearance_amount_minor).filter(ELIGIBLE & CLEARED)
    parcels = session.execute(
        select(
            func.count().filter(ELIGIBLE).label("eligible"),
            (func.coalesce(worth, 0) + func.coalesce(cleared, 0)).label("payable"),
            func.count().filter(C.disputed_at.is_not(None)).label("held"),
        ).where(C.merchant_id == merchant_id, TO_SETTLE)
    ).one()
    positive = UNPAID & (I.payable_amount_minor > 0)
    paid = (I.invoice_status == MerchantInvoiceStatus.PAID) & (I.payable_amount_minor > 0)
    invoices = session.execute(
        select(
            func.count().filter(positive).label("open"),
            func.coalesce(func.sum(I.payable_amount_minor).filter(positive), 0).label("open_payable"),
            func.coalesce(func.sum(I.payable_amount_minor).filter(OWING), 0).label("carried"),
            func.coalesce(func.sum(I.payable_amount_minor).filter(paid), 0).label("paid"),
        ).where(I.merchant_id == merchant_id)
    ).one()
    latest = select(I.payable_amount_minor, I.paid_at, I.payment_reference).where(
        I.merchant_id == merchant_id, paid
    )
    last = session.execute(latest.order_by(I.paid_at.desc()).limit(1)).one_or_none()
    return MerchantStanding(
        eligible_parcels=parcels.eligible,
        eligible_payable=int(parcels.payable),
        held_parcels=parcels.held,
        open_invoices=invoices.open,
        open_payable=int(invoices.open_payable),
        carried=int(invoices.carried),
        paid_in_all=int(invoices.paid),
        last_paid=last.payable_amount_minor if last else None,
        last_paid_at=last.paid_at if last else None,
        last_reference=last.payment_reference if last else None,
        currency=merchant.currency,
    )


@requires(Permission.COURIER_STATEMENTS_READ)
def weeks(session: Session, actor: Actor, merchant_id: UUID) -> list[WeekOut]:
    """The cash collected for a merchant in each of the last twelve weeks, this one last, those without any too."""
    merchants.find(session, actor, merchant_id)
    this = clock.today() - timedelta(days=clock.today().weekday())
    first = this - timedelta(weeks=WEEKS - 1)
    local = func.timezone(settings().business_timezone, C.delivered_at)
    week = func.date_trunc(text("'week'"), local).label("week")
    rows = session.execute(
        select(
            week,
            func.count().label("parcels"),
            func.sum(C.cod_collected_amount_minor).label("cod"),
            func.sum(NET).label("payable"),
        )
        .where(C.merchant_id == merchant_id, C.status.in_(FINAL), C.delivered_at >= clock.start_of(first))
        .group_by(week)
    )
    found = {row.week.date(): row for row in rows}
    days = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [
        WeekOut(
            week=day,
            parcels=found[day].parcels if day in found else 0,
            cod_collected=int(found[day].cod) if day in found else 0,
            payable=int(found[day].payable) if day in found else 0,
        )
        for day in days
    ]


@requires(Permission.COURIER_STATEMENTS_READ)
def statement(session: Session, actor: Actor, merchant_id: UUID, filters: StatementFilters) -> StatementOut:
    """A merchant's statement of account; a negative balance is owed to the merchant. NotFound."""
    merchant = merchants.find(session, actor, merchant_id)
    return statements.find(session, SYSTEM, merchant.party_id, filters)


@requires(Permission.COURIER_STATEMENTS_READ)
def statement_rows(
    session: Session, actor: Actor, merchant_id: UUID, filters: StatementFilters
) -> list[StatementRowOut]:
    """The same as a table."""
    merchant = merchants.find(session, actor, merchant_id)
    return statements.rows(session, SYSTEM, merchant.party_id, filters)


@requires(Permission.COURIER_STATEMENTS_READ)
def statement_as_pdf(session: Session, actor: Actor, merchant_id: UUID, filters: StatementFilters) -> bytes:
    """The same on the business's letterhead."""
    merchant = merchants.find(session, actor, merchant_id)
    return statements.as_pdf(session, SYSTEM, merchant.party_id, filters)
