"""The dashboard's sums, added up in SQL: sales count issued invoices that are not voided."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Date, case, cast, func, literal_column, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import (
    RentalBin,
    RentalBooking,
    RentalDeliveryOrder,
    RentalDriver,
    RentalInvoice,
    RentalLorry,
    RentalLorryDocument,
    RentalPayment,
)
from lattis_app.rental.schemas.dashboard import Alert, Dashboard, Figures, TodaysJob, Week
from lattis_app.rental.statuses import (
    BinStatus,
    BookingStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    InvoiceStatus,
    PaymentMethod,
)

I, P, N = columns(RentalInvoice), columns(RentalPayment), columns(RentalBin)  # noqa: E741 — one letter per table
D, B, R = columns(RentalDeliveryOrder), columns(RentalBooking), columns(RentalDriver)
L, K = columns(RentalLorry), columns(RentalLorryDocument)
COUNTED = I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED))
OPEN = I.status.in_((InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID))
OFFICIAL = D.status.not_in((DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED))
WAITING = B.status.in_((BookingStatus.PENDING, BookingStatus.CONFIRMED))
OLD, WEEKS, FEW, JOBS = 30, 8, 4, 12


@requires(Permission.RENTAL_DASHBOARD_READ)
def summarise(session: Session, actor: Actor, days: int) -> Dashboard:
    """The business of the last so many days beside the span before, the last weeks, and what needs somebody."""
    today = clock.today()
    jobs = _jobs(session, today)
    unassigned = session.scalar(select(func.count()).where(WAITING, B.scheduled_on == today)) or 0
    return Dashboard(
        figures=_figures(session, today, days),
        weeks=_weeks(session, today),
        alerts=_alerts(session, today),
        jobs=jobs[:JOBS],
        jobs_today=len(jobs) + unassigned,
        unassigned=unassigned,
    )


def _sum(column: ColumnElement[int], condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column).filter(condition), 0)


def _figures(session: Session, today: date, days: int) -> Figures:
    since, before = today - timedelta(days=days - 1), today - timedelta(days=2 * days - 1)
    balance = I.total_minor - I.paid_minor
    sold = session.execute(
        select(
            _sum(I.total_minor, I.issued_on >= since),
            _sum(I.total_minor, (I.issued_on < since) & (I.issued_on >= before)),
        ).where(COUNTED, I.issued_on >= before)
    ).one()
    owed = session.execute(
        select(
            func.coalesce(func.sum(balance), 0),
            _sum(balance, I.due_on < today - timedelta(days=OLD)),
            func.count(I.customer_id.distinct()).filter(I.due_on < today - timedelta(days=OLD)),
        ).where(OPEN)
    ).one()
    paid = session.execute(
        select(
            func.coalesce(func.sum(P.amount_minor), 0), _sum(P.amount_minor, P.method == PaymentMethod.CASH)
        ).where(P.received_on >= since)
    ).one()
    out = session.execute(
        select(func.count(), func.count().filter(N.status == BinStatus.WITH_CUSTOMER)).select_from(RentalBin)
    ).one()
    return Figures(
        sales=sold[0],
        sales_before=sold[1],
        collected=paid[0],
        collected_cash=paid[1],
        outstanding=owed[0],
        outstanding_old=owed[1],
        old_customers=owed[2],
        bins=out[0],
        bins_out=out[1],
        bins_late=_late_bins(session, today),
    )


def _late_bins(session: Session, today: date) -> int:
    late = select(func.count()).where(
        OFFICIAL, D.fulfilment_status == FulfilmentStatus.DELIVERED, D.expected_return_on < today
    )
    return session.scalar(late) or 0


def _weeks(session: Session, today: date) -> list[Week]:
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)

    def by_week(
        day: ColumnElement[date], amount: ColumnElement[int], *where: ColumnElement[bool]
    ) -> dict[date, int]:
        week = cast(func.date_trunc(literal_column("'week'"), day), Date).label("week")
        rows = session.execute(select(week, func.sum(amount)).where(day >= first, *where).group_by(week))
        return {start: int(total) for start, total in rows}

    invoiced = by_week(I.issued_on, I.total_minor, COUNTED)
    collected = by_week(P.received_on, P.amount_minor)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [
        Week(monday=day, invoiced=invoiced.get(day, 0), collected=collected.get(day, 0)) for day in mondays
    ]


def _papers(session: Session, today: date) -> list[Alert]:
    papers = session.execute(
        select(L.id, L.registration_no, K.kind, K.expires_on)
        .join_from(RentalLorryDocument, RentalLorry)
        .where(K.expires_on < today + timedelta(days=14))
        .order_by(K.expires_on)
        .limit(FEW)
    )
    return [
        Alert(
            kind="expired" if expires_on < today else "expiring",
            title=f"{plate} · {kind.replace('_', ' ')}",
            text="Can't be assigned until renewed"
            if expires_on < today
            else f"Runs out on {expires_on:%d %b}",
            href=f"/rental/lorries?open={lorry_id}",
        )
        for lorry_id, plate, kind, expires_on in papers
    ]


def _overdue(session: Session, today: date) -> list[Alert]:
    overdue = session.execute(
        select(
            I.id,
            I.invoice_number,
            I.bill_to["name"].astext,
            I.total_minor - I.paid_minor,
            I.currency,
            I.due_on,
        )
        .where(OPEN, I.due_on < today)
        .order_by((I.total_minor - I.paid_minor).desc())
        .limit(FEW)
    )
    return [
        Alert(
            kind="overdue",
            title=f"{name} · {Money(balance, currency).text()}",
            text=f"{number} · {(today - due_on).days} days",
            href=f"/rental/invoices?open={invoice_id}",
        )
        for invoice_id, number, name, balance, currency, due_on in overdue
    ]


def _alerts(session: Session, today: date) -> list[Alert]:
    found = _papers(session, today) + _overdue(session, today)
    waiting = session.scalar(select(func.count()).where(D.status == DeliveryOrderStatus.PENDING_INVOICE)) or 0
    if waiting:
        found.append(
            Alert(
                kind="invoice",
                title=f"{waiting} delivery orders",
                text="Wait for their invoice",
                href="/rental/delivery-orders?status=pending_invoice",
            )
        )
    return found


def _jobs(session: Session, today: date) -> list[TodaysJob]:
    rows = session.execute(
        select(
            D.id,
            D.scheduled_at,
            D.company_name,
            N.serial_number.label("bin"),
            func.coalesce(R.name, "Nobody yet").label("driver"),
            D.fulfilment_status,
            D.amount_minor.label("amount"),
        )
        .join_from(RentalDeliveryOrder, RentalBin, D.bin_id == N.id)
        .join(RentalDriver, D.driver_id == R.id, isouter=True)
        .where(OFFICIAL, D.service_on == today)
        .order_by(case((D.fulfilment_status == FulfilmentStatus.DONE, 1), else_=0), D.scheduled_at, D.id)
    )
    return [TodaysJob(**row._mapping) for row in rows]
