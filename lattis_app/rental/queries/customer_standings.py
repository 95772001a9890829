"""What a customer owes and has."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalBin, RentalBooking, RentalInvoice
from lattis_app.rental.schemas.customers import CustomerStanding
from lattis_app.rental.statuses import BinStatus, BookingStatus, InvoiceStatus

I, N, B = columns(RentalInvoice), columns(RentalBin), columns(RentalBooking)  # noqa: E741 — one letter per table
UNPAID = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)
COMING = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.ASSIGNED)


@requires(Permission.RENTAL_CUSTOMERS_READ)
def find(session: Session, actor: Actor, customer_id: UUID) -> CustomerStanding:
    """What a customer owes, what of it is overdue, and which bins and bookings they have."""
    balance = I.total_minor - I.paid_minor
    owed, overdue = session.execute(
        select(
            func.coalesce(func.sum(balance), 0),
            func.coalesce(func.sum(balance).filter(I.due_on < clock.today()), 0),
        ).where(I.customer_id == customer_id, I.status.in_(UNPAID))
    ).one()
    bins = select(func.count()).where(N.customer_id == customer_id, N.status == BinStatus.WITH_CUSTOMER)
    bookings = select(func.count()).where(B.customer_id == customer_id, B.status.in_(COMING))
    return CustomerStanding(
        owed=owed, overdue=overdue, bins=session.scalar(bins) or 0, bookings=session.scalar(bookings) or 0
    )
