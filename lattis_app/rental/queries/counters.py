"""How much work waits in each place of the navigation, counted from indexes and no further than shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import (
    RentalBooking,
    RentalCharge,
    RentalCommission,
    RentalDeliveryOrder,
    RentalHandOver,
    RentalInvoice,
    RentalLorryDocument,
    RentalRefund,
    RentalRelocation,
)
from lattis_app.rental.statuses import (
    BookingStatus,
    ChargeStatus,
    CommissionStatus,
    DeliveryOrderStatus,
    HandOverStatus,
    InvoiceStatus,
    RefundStatus,
    RelocationStatus,
)

B, D, I = columns(RentalBooking), columns(RentalDeliveryOrder), columns(RentalInvoice)  # noqa: E741 — one letter per table
H, M = columns(RentalHandOver), columns(RentalRelocation)
C, K, R = columns(RentalCommission), columns(RentalLorryDocument), columns(RentalRefund)
X = columns(RentalCharge)
MOST = 99
SOON = timedelta(days=14)
ONE: ColumnElement[int] = literal_column("1")


@requires(Permission.RENTAL_BOOKINGS_MANAGE)
def pending_bookings(session: Session, actor: Actor) -> int | str:
    """Bookings that nobody has confirmed yet."""
    return _count(session, B.status == BookingStatus.PENDING)


@requires(Permission.RENTAL_BOOKINGS_ASSIGN)
def unassigned_jobs(session: Session, actor: Actor) -> int | str:
    """Confirmed bookings, and planned moves of bins, without driver and lorry."""
    booked = select(ONE).where(B.status == BookingStatus.CONFIRMED).limit(MOST + 1)
    moves = select(ONE).where(M.status == RelocationStatus.PLANNED, M.driver_id.is_(None)).limit(MOST + 1)
    return _number(session, union_all(booked, moves))


@requires(Permission.RENTAL_INVOICES_MANAGE)
def orders_to_invoice(session: Session, actor: Actor) -> int | str:
    """Delivery orders that wait for their invoice."""
    return _count(session, D.status == DeliveryOrderStatus.PENDING_INVOICE)


@requires(Permission.RENTAL_INVOICES_READ)
def overdue_invoices(session: Session, actor: Actor) -> int | str:
    """Invoices that should have been paid before today."""
    is_open = I.status.in_((InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID))
    return _count(session, is_open, I.due_on < clock.today())


@requires(Permission.RENTAL_INVOICES_READ)
def unbilled_charges(session: Session, actor: Actor) -> int | str:
    """Charges beyond orders' own amounts that are on no invoice yet."""
    return _count(session, X.status == ChargeStatus.UNBILLED)


@requires(Permission.RENTAL_COMMISSIONS_MANAGE)
def commissions_to_approve(session: Session, actor: Actor) -> int | str:
    """Commissions earned and not approved."""
    return _count(session, C.status == CommissionStatus.ELIGIBLE)


@requires(Permission.RENTAL_CASH_MANAGE)
def counts_to_sign(session: Session, actor: Actor) -> int | str:
    """Hand-overs of cash that neither the driver nor the office has signed."""
    return _count(session, H.status == HandOverStatus.COUNTED)


@requires(Permission.RENTAL_REFUNDS_MANAGE)
def refunds_to_decide(session: Session, actor: Actor) -> int | str:
    """Refunds that somebody asked for and nobody decided."""
    return _count(session, R.status == RefundStatus.PENDING)


@requires(Permission.RENTAL_LORRIES_READ)
def expiring_papers(session: Session, actor: Actor) -> int | str:
    """Papers of lorries that have run out or will within two weeks."""
    return _count(session, K.expires_on < clock.today() + SOON)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int | str:
    return _number(session, select(ONE).where(*conditions).limit(MOST + 1))


def _number(session: Session, some: Select[Any] | CompoundSelect[Any]) -> int | str:
    number = session.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return number if number <= MOST else f"{MOST}+"
