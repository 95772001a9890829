"""What an invoice and its delivery order end together."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.statuses import (
    DELIVERY_ORDER_LIFECYCLE,
    INVOICE_LIFECYCLE,
    DeliveryOrderStatus,
    FulfilmentStatus,
    InvoiceStatus,
)

I = columns(RentalInvoice)  # noqa: E741 — one letter per table


@requires(Permission.RENTAL_INVOICES_MANAGE)
def close_if_finished(session: Session, actor: Actor, order: RentalDeliveryOrder) -> None:
    """Close a paid invoice and its finished order, whichever came last. The caller holds the order's lock."""
    if (
        order.fulfilment_status != FulfilmentStatus.DONE
        or order.status != DeliveryOrderStatus.INVOICED_LINKED
    ):
        return
    paid = select(RentalInvoice).where(I.delivery_order_id == order.id, I.status == InvoiceStatus.PAID)
    session.flush()
    invoice = session.scalars(paid.with_for_update()).one_or_none()
    if invoice is None:
        return
    move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.CLOSED)
    invoice.closed_at = clock.now()
    move(session, actor, order, DELIVERY_ORDER_LIFECYCLE, DeliveryOrderStatus.CLOSED)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def void_draft(session: Session, actor: Actor, delivery_order_id: UUID) -> None:
    """Void the draft invoice of a cancelled order, if there is one."""
    draft = select(RentalInvoice).where(
        I.delivery_order_id == delivery_order_id, I.status == InvoiceStatus.DRAFT
    )
    for invoice in session.scalars(draft.with_for_update()):
        reason = "The delivery order was cancelled"
        move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.VOIDED, reason=reason)
        invoice.voided_at, invoice.void_reason = clock.now(), reason
