"""The dashboard's sums, added up in SQL: sales count issued invoices that are not voided."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, literal_column, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.language import day_in_words, translate
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalBin,
    RentalBooking,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDriver,
    RentalInvoice,
    RentalLorry,
    RentalLorryDocument,
    RentalPayment,
)
from lattis_app.rental.schemas.dashboard import Alert, Dashboard, Figures, TodaysJob, Week
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import (
    BinStatus,
    BookingStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    InvoiceStatus,
    LorryStatus,
    PaymentMethod,
)

I, P, N = columns(RentalInvoice), columns(RentalPayment), columns(RentalBin)  # noqa: E741 — one letter per table
D, B, R = columns(RentalDeliveryOrder), columns(RentalBooking), columns(RentalDriver)
L, K = columns(RentalLorry), columns(RentalLorryDocument)
C, Y = columns(RentalCustomer), columns(Party)
COUNTED = I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED))
OPEN = I.status.in_((InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID))
OFFICIAL = D.status.not_in((DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED))
WAITING = B.status.in_((BookingStatus.PENDING, BookingStatus.CONFIRMED))
EXPECTED = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.ASSIGNED)
OLD, WEEKS, FEW, JOBS = 30, 8, 2, 15
PAPERS_AHEAD = timedelta(days=14)


@requires(Permission.RENTAL_DASHBOARD_READ)
def summarise(session: Session, actor: Actor, days: int) -> Dashboard:
    """The business of the last so many days beside the span before, the last weeks, and what needs somebody."""
    today = clock.today()
    jobs = sorted([*_orders(session, today), *_bookings(session, today)], key=_urgency)
    return Dashboard(
        since=today - timedelta(days=days - 1),
        figures=_figures(session, today, days),
        weeks=_weeks(session, today),
        alerts=_alerts(session, today),
        jobs=jobs[:JOBS],
        jobs_today=len(jobs),
        unassigned=sum(job.driver is None for job in jobs),
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
            _sum(P.amount_minor, P.received_on >= since),
            _sum(P.amount_minor, P.received_on < since),
            _sum(P.amount_minor, (P.received_on >= since) & (P.method == PaymentMethod.CASH)),
        ).where(P.received_on >= before)
    ).one()
    out = session.execute(
        select(func.count(), func.count().filter(N.status == BinStatus.WITH_CUSTOMER)).select_from(RentalBin)
    ).one()
    return Figures(
        sales=sold[0],
        sales_before=sold[1],
        collected=paid[0],
        collected_before=paid[1],
        collected_cash=paid[2],
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
        .where(K.expires_on < today + PAPERS_AHEAD, L.status != LorryStatus.INACTIVE)
        .order_by(K.expires_on)
        .limit(FEW)
    )
    return [
        Alert(
            kind="expired" if expires_on < today else "expiring",
            title=f"{plate} · {translate(kind.replace('_', ' ').capitalize())}",
            text=f"Ran out on {_day(expires_on)}: can't be assigned until renewed"
            if expires_on < today
            else f"Runs out on {_day(expires_on)}",
            href=f"/rental/lorries?open={lorry_id}",
        )
        for lorry_id, plate, kind, expires_on in papers
    ]


def _overdue(session: Session, today: date) -> list[Alert]:
    overdue = session.execute(
        select(
            I.id,
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
            title=name,
            text=f"{Money(balance, currency).text()} · {(today - due_on).days} days late",
            href=f"/rental/invoices?open={invoice_id}",
        )
        for invoice_id, name, balance, currency, due_on in overdue
    ]


def _alerts(session: Session, today: date) -> list[Alert]:
    return [
        *_waiting(session, today),
        *_papers(session, today),
        *_overdue(session, today),
        *_counted(session, today),
    ]


def _waiting(session: Session, today: date) -> list[Alert]:
    """Bookings that somebody expects today and nobody drives."""
    waiting = session.scalar(select(func.count()).where(WAITING, B.scheduled_on <= today)) or 0
    if not waiting:
        return []
    return [
        Alert(
            kind="unassigned",
            title=_many(waiting, "booking", "bookings"),
            text="Wanted by today, and nobody drives them",
            href="/rental/assignment",
        )
    ]


def _counted(session: Session, today: date) -> list[Alert]:
    """What waits in numbers rather than one by one."""
    orders = "/rental/delivery-orders"
    late = _late_bins(session, today)
    pending = session.scalar(select(func.count()).where(D.status == DeliveryOrderStatus.PENDING_INVOICE)) or 0
    found = []
    if late:
        title = _many(late, "bin", "bins")
        found.append(
            Alert(kind="late", title=title, text="Should be back by now", href=f"{orders}?late=true")
        )
    if pending:
        title = _many(pending, "order", "orders")
        href = f"{orders}?status=pending_invoice"
        found.append(Alert(kind="invoice", title=title, text="Waiting for an invoice", href=href))
    return found


def _many(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _day(value: date) -> str:
    return day_in_words(value, "d MMM")


def _urgency(job: TodaysJob) -> tuple[bool, datetime]:
    return job.status == FulfilmentStatus.DONE, job.scheduled_at


def _orders(session: Session, today: date) -> list[TodaysJob]:
    rows = session.execute(
        select(
            D.id,
            D.scheduled_at,
            D.company_name,
            N.serial_number,
            R.name,
            L.registration_no,
            D.fulfilment_status,
            D.amount_minor,
        )
        .join_from(RentalDeliveryOrder, RentalBin, D.bin_id == N.id)
        .join(RentalDriver, D.driver_id == R.id, isouter=True)
        .join(RentalLorry, D.lorry_id == L.id, isouter=True)
        .where(OFFICIAL, D.service_on == today)
    )
    return [_job(*row, is_booking=False) for row in rows]


def _bookings(session: Session, today: date) -> list[TodaysJob]:
    """Today's bookings that have no official order yet."""
    size = BinSize.model_construct
    rows = session.execute(
        select(B.id, B.scheduled_at, Y.name, B.h_ft, B.l_ft, B.w_ft, R.name, L.registration_no, B.status)
        .join_from(RentalBooking, RentalCustomer, B.customer_id == C.id)
        .join(Party, C.party_id == Y.id)
        .join(RentalDriver, B.driver_id == R.id, isouter=True)
        .join(RentalLorry, B.lorry_id == L.id, isouter=True)
        .where(B.scheduled_on == today, B.status.in_(EXPECTED))
    )
    return [
        _job(
            booking_id,
            at,
            name,
            size(h_ft=h, l_ft=l, w_ft=w).text,
            driver,
            lorry,
            status,
            None,
            is_booking=True,
        )
        for booking_id, at, name, h, l, w, driver, lorry, status in rows  # noqa: E741 — height, length, width
    ]


def _job(
    record_id: UUID,
    at: datetime,
    name: str,
    wanted: str,
    driver: str | None,
    lorry: str | None,
    status: str,
    amount: int | None,
    *,
    is_booking: bool,
) -> TodaysJob:
    return TodaysJob(
        id=record_id,
        is_booking=is_booking,
        scheduled_at=at,
        company_name=name,
        bin=wanted,
        driver=driver,
        lorry=lorry,
        status=status,
        amount=amount,
    )
