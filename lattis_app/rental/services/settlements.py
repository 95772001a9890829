"""What an invoice and its delivery order end together."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalCharge, RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.statuses import (
    CHARGE_LIFECYCLE,
    DELIVERY_ORDER_LIFECYCLE,
    INVOICE_LIFECYCLE,
    ChargeStatus,
    DeliveryOrderStatus,
    FulfilmentStatus,
    InvoiceStatus,
)

I, C = columns(RentalInvoice), columns(RentalCharge)  # noqa: E741 — one letter per table
INVOICED = (DeliveryOrderStatus.INVOICED_LINKED, DeliveryOrderStatus.CLOSED)


class InvoiceStands(PreconditionFailed):
    """An order is not called off while the customer owes, or has paid, an invoice for it."""


@requires(Permission.RENTAL_INVOICES_MANAGE)
def close_if_finished(session: Session, actor: Actor, order: RentalDeliveryOrder) -> None:
    """Close the paid invoices of a finished order, and it with its own, whichever came last.

    The caller holds the order's lock.
    """
    if order.fulfilment_status != FulfilmentStatus.DONE or order.status not in INVOICED:
        return
    paid = select(RentalInvoice).where(I.delivery_order_id == order.id, I.status == InvoiceStatus.PAID)
    session.flush()
    for invoice in session.scalars(paid.with_for_update()).all():
        move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.CLOSED)
        invoice.closed_at = clock.now()
        if not invoice.supplementary:
            move(session, actor, order, DELIVERY_ORDER_LIFECYCLE, DeliveryOrderStatus.CLOSED)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def void_draft(session: Session, actor: Actor, delivery_order_id: UUID) -> None:
    """Void the drafts of a cancelled order's invoices; its charges wait again, to be waived. Raises InvoiceStands."""
    standing = select(RentalInvoice).where(
        I.delivery_order_id == delivery_order_id, I.status != InvoiceStatus.VOIDED
    )
    for invoice in session.scalars(standing.with_for_update()).all():
        if invoice.status != InvoiceStatus.DRAFT:
            raise InvoiceStands(
                f"Invoice {invoice.invoice_number} is {invoice.status}: void it first",
                field="invoice",
                reason=f"is {invoice.status}",
            )
        reason = "The delivery order was cancelled"
        move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.VOIDED, reason=reason)
        invoice.voided_at, invoice.void_reason = clock.now(), reason
        reopen_charges(session, actor, invoice.id, reason)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def reopen_charges(session: Session, actor: Actor, invoice_id: UUID, reason: str) -> None:
    """Let the charges of a voided supplementary invoice wait for another one."""
    for charge in session.scalars(select(RentalCharge).where(C.invoice_id == invoice_id).with_for_update()):
        move(session, actor, charge, CHARGE_LIFECYCLE, ChargeStatus.UNBILLED, reason=reason)
        charge.invoice_id, charge.billed_at = None, None
