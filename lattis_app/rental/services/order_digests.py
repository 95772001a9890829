"""The morning's summary of delivery orders without an invoice (contract: rental.md, "Jobs")."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.money import DEFAULT_CURRENCY, Money
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.services import notifications
from lattis_app.rental.models import RentalDeliveryOrder
from lattis_app.rental.statuses import DeliveryOrderStatus

KIND = "do.digest"
DAYS = UUID("5b0a8a52-6a0f-4c35-9a77-6a3f0d4f7c1e")
"""The name space in which a day's digest has its id, so that nobody is told of a day twice."""
OPEN = (DeliveryOrderStatus.ISSUED, DeliveryOrderStatus.PENDING_INVOICE)
LINK = f"/rental/delivery-orders?status={','.join(OPEN)}"
D = columns(RentalDeliveryOrder)
WAITING = select(
    func.count(D.id).label("orders"),
    func.coalesce(func.sum(D.amount_minor), 0).label("amount"),
    func.min(D.service_on).label("oldest_on"),
).where(D.status.in_(OPEN))


def send(session: Session, as_of: datetime) -> int:
    """Tell the office how many orders wait for their invoice; nothing is said of none. Returns how many wait."""
    waiting = session.execute(WAITING).one()
    if waiting.orders:
        amount = Money(waiting.amount, DEFAULT_CURRENCY).text()
        notifications.notify(
            session,
            SYSTEM,
            users=Permission.RENTAL_INVOICES_MANAGE,
            kind=KIND,
            title="1 delivery order waits for an invoice"
            if waiting.orders == 1
            else f"{waiting.orders} delivery orders wait for an invoice",
            body=f"{amount} in all; the oldest is of {waiting.oldest_on:%-d %b %Y}.",
            link=LINK,
            tone="warn",
            event_id=uuid5(DAYS, clock.date_of(as_of).isoformat()),
        )
    return int(waiting.orders)
