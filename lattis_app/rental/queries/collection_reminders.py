"""Finding reminders to collect bins."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalCollectionReminder
from lattis_app.rental.schemas.delivery_orders import ReminderOut

R = columns(RentalCollectionReminder)
SHOWN = select(
    R.id,
    R.delivery_order_id,
    R.reminder_type,
    R.scheduled_at,
    R.status,
    R.sent_at,
    R.created_at,
    R.updated_at,
)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def find(session: Session, actor: Actor, reminder_id: UUID) -> ReminderOut:
    """One reminder, or NotFound."""
    row = session.execute(SHOWN.where(R.id == reminder_id)).one_or_none()
    if row is None:
        raise NotFound.record("Collection reminder", reminder_id)
    return ReminderOut(**row._mapping)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def list_for(session: Session, actor: Actor, delivery_order_id: UUID) -> list[ReminderOut]:
    """The reminders of an order, latest first."""
    rows = session.execute(
        SHOWN.where(R.delivery_order_id == delivery_order_id).order_by(
            R.scheduled_at.desc(), R.created_at.desc(), R.id
        )
    )
    return [ReminderOut(**row._mapping) for row in rows]
