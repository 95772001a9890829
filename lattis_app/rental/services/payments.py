"""Receiving money: on an invoice in the office, or on site by a driver (contract: rental.md, "Payment")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.numbering import take_number
from lattis_app.core.schemas import money_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.rental.events import PaymentReceived
from lattis_app.rental.models import (
    RentalCustomer,
    RentalDeliveryOrder,
    RentalInvoice,
    RentalPayment,
    RentalReceipt,
)
from lattis_app.rental.queries import business
from lattis_app.rental.rules import postings
from lattis_app.rental.rules.invoices import require_handed_over, require_payable
from lattis_app.rental.schemas.invoices import CollectionEntry, PaymentEntry
from lattis_app.rental.services import delivery_orders, invoices
from lattis_app.rental.statuses import DeliveryOrderStatus, InvoiceStatus, PaymentMethod

SERIES, TABLE = "RCPT", "rental_payments"
PAYABLE = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)
I, C = columns(RentalInvoice), columns(RentalCustomer)  # noqa: E741 — one letter per table
PARTY_OF = select(C.party_id).where(C.id == bindparam("id"))


class InvoiceNotPayable(PreconditionFailed):
    """Only an issued invoice that is not settled yet takes money."""


class NothingToCollect(PreconditionFailed):
    """A draft or cancelled order takes no money."""


@requires(Permission.RENTAL_PAYMENTS_RECORD)
def record(session: Session, actor: Actor, invoice_id: UUID, entry: PaymentEntry) -> RentalPayment:
    """Record money received on an invoice and give it a receipt.

    Raises AmountExceedsBalance with the balance, InvoiceNotPayable.
    """
    order, invoice = invoices.lock(session, invoice_id)
    amount = money_of(entry.amount, invoice.currency)
    _require_payable(invoice, amount)
    with session.no_autoflush:
        return _receive(
            session, actor, order, invoice, amount, PaymentMethod(entry.method), entry.reference, None
        )


@requires(Permission.RENTAL_PAYMENTS_COLLECT)
def collect(session: Session, actor: Actor, delivery_order_id: UUID, entry: CollectionEntry) -> RentalPayment:
    """Take money on site; before the invoice it is kept as the customer's credit and applied when it is issued.

    At most what the invoice comes to, tax included. Raises AmountExceedsBalance with what is still to pay,
    PaidLater, NothingToCollect.
    """
    method = require_handed_over(PaymentMethod(entry.payment_method))
    order = delivery_orders.lock(session, actor, delivery_order_id)
    if order.status in (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED):
        raise NothingToCollect(
            f"Delivery order is {order.status}", field="status", reason=f"is {order.status}"
        )
    amount = money_of(entry.amount, order.currency)
    invoice = _issued_invoice(session, order)
    if invoice is not None:
        _require_payable(invoice, amount)
    else:
        draft = invoices.draft_to_pay(session, SYSTEM, order)
        require_payable(amount, Money(draft.total_minor - order.collected_minor, order.currency))
    order.collected_minor += amount.minor
    with session.no_autoflush:
        return _receive(session, actor, order, invoice, amount, method, entry.reference, order.driver_id)


def _issued_invoice(session: Session, order: RentalDeliveryOrder) -> RentalInvoice | None:
    statement = select(RentalInvoice).where(
        I.delivery_order_id == order.id,
        I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED)),
        ~I.supplementary,
    )
    return session.scalars(statement.with_for_update()).one_or_none()


def _require_payable(invoice: RentalInvoice, amount: Money) -> None:
    settled = invoice.status in (InvoiceStatus.PAID, InvoiceStatus.CLOSED)
    if invoice.status not in PAYABLE and not settled:
        raise InvoiceNotPayable(
            f"Invoice is {invoice.status}: issue it first", field="status", reason=f"is {invoice.status}"
        )
    require_payable(amount, Money(invoice.total_minor - invoice.paid_minor, invoice.currency))


def _receive(
    session: Session,
    actor: Actor,
    order: RentalDeliveryOrder,
    invoice: RentalInvoice | None,
    amount: Money,
    method: PaymentMethod,
    reference: str,
    driver_id: UUID | None,
) -> RentalPayment:
    payment = RentalPayment(
        receipt_number=take_number(session, SERIES, clock.today().year),
        invoice_id=invoice.id if invoice else None,
        delivery_order_id=order.id,
        customer_id=order.customer_id,
        method=method,
        amount_minor=amount.minor,
        currency=amount.currency,
        reference=reference,
        received_on=clock.today(),
        driver_id=driver_id,
        received_by=actor.name,
    )
    session.add(payment)
    _post(session, payment, on_invoice=invoice is not None)
    if invoice is not None:
        invoices.credit(session, invoice, order, amount)
    session.add(_receipt(session, payment, order, invoice))
    events.record(
        session,
        PaymentReceived(
            payment.id, payment.receipt_number, amount.minor, method, payment.invoice_id, order.id, driver_id
        ),
    )
    return payment


def _post(session: Session, payment: RentalPayment, *, on_invoice: bool) -> None:
    party_id = session.scalars(PARTY_OF, {"id": payment.customer_id}).one()
    amount, method = Money(payment.amount_minor, payment.currency), PaymentMethod(payment.method)
    held = postings.payment_received(party_id, amount, method, payment.driver_id, on_invoice)
    source = (TABLE, payment.id)
    entries.post(
        session, SYSTEM, postings.PAYMENT_RECEIVED, source, payment.received_on, held, payment.receipt_number
    )


def _receipt(
    session: Session, payment: RentalPayment, order: RentalDeliveryOrder, invoice: RentalInvoice | None
) -> RentalReceipt:
    profile = business.find(session, SYSTEM)
    shown = ("name", "roc_number", "sst_no", "address", "email", "phone")
    content: dict[str, Any] = {
        "business": {name: getattr(profile, name) for name in shown},
        "customer": {"name": order.company_name, "phone": order.phone, "address": order.site_address},
        "invoice_number": invoice.invoice_number if invoice else None,
        "invoice_total_minor": invoice.total_minor if invoice else None,
        "balance_minor": invoice.total_minor - invoice.paid_minor if invoice else None,
        "delivery_order_number": order.system_do_number,
        "method": payment.method,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "reference": payment.reference,
        "received_by": payment.received_by,
    }
    return RentalReceipt(
        payment_id=payment.id,
        receipt_number=payment.receipt_number,
        issued_at=payment.received_at,
        content=content,
    )
