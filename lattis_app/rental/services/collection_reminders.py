"""Reminding people to fetch bins (contract: rental.md, "Jobs"; seed: "Collection Reminder")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.events import record
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.notifications.services import notifications
from lattis_app.rental.events import ReminderScheduled
from lattis_app.rental.models import RentalCollectionReminder, RentalDeliveryOrder
from lattis_app.rental.schemas.delivery_orders import ReminderEntry
from lattis_app.rental.statuses import (
    REMINDER_LIFECYCLE,
    DeliveryOrderStatus,
    FulfilmentStatus,
    ReminderStatus,
)

R, D = columns(RentalCollectionReminder), columns(RentalDeliveryOrder)
KIND = "reminder.due"
AT_ONCE = 500
NOT_OUT = (FulfilmentStatus.COLLECTED, FulfilmentStatus.DONE, FulfilmentStatus.FAILED)
NOT_OFFICIAL = (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)


class NothingToCollect(PreconditionFailed):
    """No bin will have to be fetched for this order."""


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def schedule(
    session: Session, actor: Actor, delivery_order_id: UUID, entry: ReminderEntry
) -> RentalCollectionReminder:
    """Ask to be reminded of a bin at a time. Raises NothingToCollect."""
    order = find(session, RentalDeliveryOrder, delivery_order_id, lock=True, kind="Delivery order")
    if order.status in NOT_OFFICIAL or order.fulfilment_status in NOT_OUT:
        state = order.status if order.status in NOT_OFFICIAL else order.fulfilment_status
        raise NothingToCollect(
            f"Delivery order is {state}: there is no bin to collect", field="status", reason=f"is {state}"
        )
    reminder = RentalCollectionReminder(
        delivery_order_id=order.id, reminder_type=entry.reminder_type, scheduled_at=entry.scheduled_date
    )
    session.add(reminder)
    record(
        session,
        ReminderScheduled(
            reminder.id,
            order.id,
            order.system_do_number or "",
            reminder.scheduled_at.isoformat(),
            order.driver_id,
        ),
    )
    return reminder


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def cancel(session: Session, actor: Actor, reminder_id: UUID) -> RentalCollectionReminder:
    """Forget one reminder."""
    reminder = find(session, RentalCollectionReminder, reminder_id, lock=True)
    return move(session, actor, reminder, REMINDER_LIFECYCLE, ReminderStatus.CANCELLED)


@requires(Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def send_now(session: Session, actor: Actor, reminder_id: UUID) -> RentalCollectionReminder:
    """Tell driver and dispatchers of a bin before its time."""
    reminder = find(session, RentalCollectionReminder, reminder_id, lock=True)
    move(session, actor, reminder, REMINDER_LIFECYCLE, ReminderStatus.SENT)
    reminder.sent_at = clock.now()
    _tell(session, find(session, RentalDeliveryOrder, reminder.delivery_order_id))
    return reminder


def cancel_scheduled(session: Session, actor: Actor, delivery_order_id: UUID) -> None:
    """Forget the reminders of an order whose bin needs no fetching any more."""
    waiting = select(RentalCollectionReminder).where(
        R.delivery_order_id == delivery_order_id, R.status == ReminderStatus.SCHEDULED
    )
    for reminder in session.scalars(waiting.with_for_update()):
        move(session, actor, reminder, REMINDER_LIFECYCLE, ReminderStatus.CANCELLED)


def send_due(session: Session, as_of: datetime) -> int:
    """Tell driver and dispatchers of every bin that is due; what another process holds is left to it."""
    due = (
        select(RentalCollectionReminder, RentalDeliveryOrder)
        .join(RentalDeliveryOrder, D.id == R.delivery_order_id)
        .where(R.status == ReminderStatus.SCHEDULED, R.scheduled_at <= as_of)
        .order_by(R.scheduled_at, R.id)
        .limit(AT_ONCE)
        .with_for_update(of=RentalCollectionReminder, skip_locked=True)
    )
    found = session.execute(due).all()
    for reminder, order in found:
        reminder.sent_at = clock.now()
        move(session, SYSTEM, reminder, REMINDER_LIFECYCLE, ReminderStatus.SENT)
        _tell(session, order)
    return len(found)


def _tell(session: Session, order: RentalDeliveryOrder) -> None:
    title = f"Collect the bin of {order.system_do_number}"
    place = ", ".join(part for part in (order.company_name, order.site_address) if part)
    told: list[tuple[Sequence[UUID] | Permission, str]] = [
        (Permission.RENTAL_DELIVERY_ORDERS_MANAGE, f"/rental/delivery-orders?open={order.id}")
    ]
    if order.driver_id is not None:
        told.append(([order.driver_id], f"/driver/job/{order.id}"))
    for users, link in told:
        notifications.notify(
            session, SYSTEM, users=users, kind=KIND, title=title, body=place, link=link, tone="warn"
        )
