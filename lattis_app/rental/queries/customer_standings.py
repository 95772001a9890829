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
from lattis_app.rental.queries import credit
from lattis_app.rental.queries.reports import ageing
from lattis_app.rental.queries.reports.parts import OPEN
from lattis_app.rental.schemas.customers import CustomerStanding
from lattis_app.rental.statuses import BinStatus, BookingStatus

I, N, B = columns(RentalInvoice), columns(RentalBin), columns(RentalBooking)  # noqa: E741 — one letter per table
COMING = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.ASSIGNED)


@requires(Permission.RENTAL_CUSTOMERS_READ)
def find(session: Session, actor: Actor, customer_id: UUID) -> CustomerStanding:
    """What a customer owes, how long it is overdue, and which bins and bookings they have."""
    aged = session.execute(
        select(*ageing.sums(clock.today())).where(I.customer_id == customer_id, OPEN)
    ).one()
    owed = {bucket: int(minor) for bucket, minor in aged._mapping.items()}
    bins = select(func.count()).where(N.customer_id == customer_id, N.status == BinStatus.WITH_CUSTOMER)
    bookings = select(func.count()).where(B.customer_id == customer_id, B.status.in_(COMING))
    return CustomerStanding(
        owed=sum(owed.values()),
        overdue=sum(owed.values()) - owed["current"],
        ageing=owed,
        on_order=credit.on_order(session, customer_id).minor,
        bins=session.scalar(bins) or 0,
        bookings=session.scalar(bookings) or 0,
    )
