"""How much of their credit customers use."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.money import DEFAULT_CURRENCY, Money
from lattis_app.rental.models import RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.queries import business
from lattis_app.rental.statuses import DeliveryOrderStatus, InvoiceStatus, PaymentMethod

D, I = columns(RentalDeliveryOrder), columns(RentalInvoice)  # noqa: E741 — one letter per table
UNPAID = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)
TO_COME = (DeliveryOrderStatus.ISSUED, DeliveryOrderStatus.PENDING_INVOICE)


def on_order(session: Session, customer_id: UUID, but: UUID | None = None) -> Money:
    """What a customer's orders on terms will come to that have no invoice yet, with tax, one order left out."""
    amount = select(func.coalesce(func.sum(D.amount_minor), 0)).where(
        D.customer_id == customer_id,
        D.status.in_(TO_COME),
        D.payment_method == PaymentMethod.TERM,
    )
    if but is not None:
        amount = amount.where(D.id != but)
    before_tax = Money(int(session.scalar(amount) or 0), DEFAULT_CURRENCY)
    return before_tax + before_tax.times(business.find(session, SYSTEM).sst_rate)


def owed(session: Session, customer_id: UUID, but: UUID | None = None) -> Money:
    """What a customer owes, and will once their orders on terms are invoiced, one order left out."""
    open_balance = select(func.coalesce(func.sum(I.total_minor - I.paid_minor), 0)).where(
        I.customer_id == customer_id, I.status.in_(UNPAID)
    )
    invoiced = Money(int(session.scalar(open_balance) or 0), DEFAULT_CURRENCY)
    return invoiced + on_order(session, customer_id, but)
