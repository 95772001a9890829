"""The receipts of a delivery order, as a driver hands them over."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.checks import link
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalPayment, RentalReceipt
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.delivery_orders import ReceiptSlip

Y, R = columns(RentalPayment), columns(RentalReceipt)


@requires(Permission.RENTAL_PAYMENTS_READ, Permission.RENTAL_PAYMENTS_COLLECT)
def of_order(session: Session, actor: Actor, delivery_order_id: UUID) -> list[ReceiptSlip]:
    """The receipts given for an order, the latest first. Raises NotFound for another driver's order."""
    delivery_orders.require_visible(session, actor, delivery_order_id)
    rows = session.execute(
        select(
            Y.id.label("payment_id"),
            Y.receipt_number,
            Y.method,
            Y.amount_minor.label("amount"),
            Y.currency,
            Y.received_at,
            R.check_token,
        )
        .join_from(RentalPayment, RentalReceipt, R.payment_id == Y.id)
        .where(Y.delivery_order_id == delivery_order_id)
        .order_by(Y.received_at.desc(), Y.receipt_number.desc())
    )
    return [ReceiptSlip(**row._mapping, check_url=link(row.check_token)) for row in rows]
