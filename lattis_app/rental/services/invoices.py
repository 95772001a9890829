"""Drafting, issuing and voiding invoices (contract: rental.md, "Invoice")."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Conflict, NotFound, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.numbering import take_number
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.rental.events import InvoiceIssued, InvoicePaid, InvoiceVoided
from lattis_app.rental.models import (
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
    RentalInvoice,
    RentalInvoiceLine,
    RentalPayment,
)
from lattis_app.rental.queries import business, customers
from lattis_app.rental.rules import invoices as rules
from lattis_app.rental.rules import postings
from lattis_app.rental.schemas.customers import CustomerOut
from lattis_app.rental.schemas.invoices import InvoiceChanges
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.services import settlements
from lattis_app.rental.statuses import (
    DELIVERY_ORDER_LIFECYCLE,
    INVOICE_LIFECYCLE,
    DeliveryOrderStatus,
    InvoiceStatus,
    PaymentMethod,
)

SERIES, TABLE = "INV", "rental_invoices"
I, L = columns(RentalInvoice), columns(RentalInvoiceLine)  # noqa: E741 — one letter per table
OL, P, D = columns(RentalDeliveryOrderLine), columns(RentalPayment), columns(RentalDeliveryOrder)
ORDER_OF = (
    select(RentalDeliveryOrder)
    .where(D.id == select(I.delivery_order_id).where(I.id == bindparam("id")).scalar_subquery())
    .with_for_update(of=RentalDeliveryOrder)
    .execution_options(populate_existing=True)
)
STANDING = (
    select(RentalInvoice)
    .where(I.delivery_order_id == bindparam("order_id"), I.status != InvoiceStatus.VOIDED, ~I.supplementary)
    .with_for_update()
)
ORDERED = (
    select(RentalDeliveryOrderLine).where(OL.delivery_order_id == bindparam("order_id")).order_by(OL.position)
)
BILLABLE = (DeliveryOrderStatus.ISSUED, DeliveryOrderStatus.PENDING_INVOICE)


class InvoiceExists(Conflict):
    """The delivery order has its invoice already."""


class NotBillable(PreconditionFailed):
    """An order is invoiced while it is issued or pending_invoice."""


class MoneyOnInvoice(PreconditionFailed):
    """An invoice that was paid, even in part, is refunded, not voided."""


@requires(Permission.RENTAL_INVOICES_MANAGE)
def draft_for(session: Session, actor: Actor, delivery_order_id: UUID) -> RentalInvoice | None:
    """Make the draft of a just issued order, which then waits for its invoice; None when somebody was faster."""
    order = find(session, RentalDeliveryOrder, delivery_order_id, lock=True, kind="Delivery order")
    if order.status != DeliveryOrderStatus.ISSUED:
        return None
    with session.no_autoflush:
        return _standing(session, order) or _draft(session, actor, order)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def make_from_order(
    session: Session, actor: Actor, delivery_order_id: UUID, issue_now: bool = True
) -> RentalInvoice:
    """Take up an order's draft, or make one, and issue it unless a draft is wanted.

    Raises InvoiceExists with the first one's id, NotBillable.
    """
    order = find(session, RentalDeliveryOrder, delivery_order_id, lock=True, kind="Delivery order")
    standing = _standing(session, order)
    if standing is not None and standing.status != InvoiceStatus.DRAFT:
        raise InvoiceExists(
            f"The order has invoice {standing.invoice_number} already",
            field="delivery_order_id",
            reason="has an invoice already",
            invoice_id=str(standing.id),
        )
    if order.status not in BILLABLE:
        allowed = " or ".join(BILLABLE)
        raise NotBillable(
            f"Delivery order is {order.status}; it is invoiced while {allowed}",
            field="status",
            reason=f"is {order.status}",
            current=order.status,
            allowed=list(BILLABLE),
        )
    with session.no_autoflush:
        draft = standing or _draft(session, actor, order)
        return _issue(session, actor, draft, order) if issue_now else draft


@requires(Permission.RENTAL_INVOICES_MANAGE)
def draft_to_pay(session: Session, actor: Actor, order: RentalDeliveryOrder) -> RentalInvoice:
    """The draft that money taken on site will pay, as it would be issued now. The caller holds the order's lock."""
    draft = _standing(session, order) or _draft(session, actor, order)
    _bring_up_to_date(session, draft, order)
    return draft


@requires(Permission.RENTAL_INVOICES_MANAGE)
def issue(session: Session, actor: Actor, invoice_id: UUID) -> RentalInvoice:
    """Number a draft, freeze what it shows, and post what the customer owes."""
    order, invoice = lock(session, invoice_id)
    return _issue(session, actor, invoice, order)


@requires(Permission.RENTAL_INVOICES_MANAGE)
def update(session: Session, actor: Actor, invoice_id: UUID, changes: InvoiceChanges) -> RentalInvoice:
    """Change a draft."""
    _, invoice = lock(session, invoice_id)
    if invoice.status != InvoiceStatus.DRAFT:
        raise PreconditionFailed(
            f"Invoice is {invoice.status} and can't be changed any more; void it and issue another",
            field="status",
            reason=f"is {invoice.status}",
        )
    for name, value in changes.given().items():
        setattr(invoice, name, value)
    return invoice


@requires(Permission.RENTAL_INVOICES_MANAGE)
def void(session: Session, actor: Actor, invoice_id: UUID, reason: str) -> RentalInvoice:
    """Take an invoice back; its order waits for another. Raises MoneyOnInvoice."""
    order, invoice = lock(session, invoice_id)
    taken_minor = invoice.paid_minor or (0 if invoice.supplementary else order.collected_minor)
    if taken_minor and invoice.status != InvoiceStatus.VOIDED:
        taken = Money(taken_minor, invoice.currency).text()
        raise MoneyOnInvoice(
            f"{taken} was taken for this invoice: refund it instead", field="status", reason="has payments"
        )
    was_issued = invoice.status == InvoiceStatus.ISSUED
    event = InvoiceVoided(invoice.id, invoice.invoice_number or "", order.id, reason)
    move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.VOIDED, reason=reason, event=event)
    invoice.voided_at, invoice.void_reason = clock.now(), reason
    if was_issued:
        entries.reverse(
            session, SYSTEM, postings.INVOICE_ISSUED, (TABLE, invoice.id), clock.today(), f"Void: {reason}"
        )
    if invoice.supplementary:
        settlements.reopen_charges(session, SYSTEM, invoice.id, reason)
    elif was_issued:
        to = DeliveryOrderStatus.PENDING_INVOICE
        move(session, actor, order, DELIVERY_ORDER_LIFECYCLE, to, reason=reason)
    return invoice


def lock(session: Session, invoice_id: UUID) -> tuple[RentalDeliveryOrder, RentalInvoice]:
    """Hold an invoice and, before it, its order until the end of the transaction. Raises NotFound."""
    order = session.scalars(ORDER_OF, {"id": invoice_id}).one_or_none()
    if order is None:
        raise NotFound.record("Invoice", invoice_id)
    return order, find(session, RentalInvoice, invoice_id, lock=True, kind="Invoice")


def _standing(session: Session, order: RentalDeliveryOrder) -> RentalInvoice | None:
    return session.scalars(STANDING, {"order_id": order.id}).one_or_none()


def _draft(session: Session, actor: Actor, order: RentalDeliveryOrder) -> RentalInvoice:
    profile = business.find(session, SYSTEM)
    invoice = RentalInvoice(
        delivery_order_id=order.id,
        customer_id=order.customer_id,
        payment_method=order.payment_method,
        currency=order.currency,
        tax_rate=profile.sst_rate,
    )
    session.add(invoice)
    _write_lines(session, invoice, order)
    if order.status == DeliveryOrderStatus.ISSUED:
        move(session, actor, order, DELIVERY_ORDER_LIFECYCLE, DeliveryOrderStatus.PENDING_INVOICE)
    return invoice


def _write_lines(session: Session, invoice: RentalInvoice, order: RentalDeliveryOrder) -> None:
    lines = [
        RentalInvoiceLine(
            invoice_id=invoice.id,
            position=line.position + 1,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price_minor=line.price_minor,
            amount_minor=line.amount_minor,
        )
        for line in session.scalars(ORDERED, {"order_id": order.id})
    ]
    if not sum(line.amount_minor for line in lines):
        size = BinSize(h_ft=order.h_ft, l_ft=order.l_ft, w_ft=order.w_ft)
        hire = RentalInvoiceLine(
            invoice_id=invoice.id,
            position=1,
            description=f"Bin rental {size.text}",
            quantity=Decimal(1),
            unit="bin",
            price_minor=order.amount_minor,
            amount_minor=order.amount_minor,
        )
        lines.insert(0, hire)
    session.add_all(lines)
    sum_up(invoice, lines)


def sum_up(invoice: RentalInvoice, lines: Iterable[RentalInvoiceLine]) -> None:
    """Let an invoice come to what its lines say."""
    amounts = [Money(line.amount_minor, invoice.currency) for line in lines]
    sums = rules.totals(amounts, Decimal(invoice.tax_rate), invoice.currency)
    invoice.subtotal_minor, invoice.tax_minor = sums.subtotal.minor, sums.tax.minor
    invoice.total_minor = sums.total.minor


def _bring_up_to_date(session: Session, draft: RentalInvoice, order: RentalDeliveryOrder) -> None:
    """A draft follows its order and the tax rate; once money was taken on site, the rate stays as it was then."""
    if draft.supplementary:
        draft.tax_rate = business.find(session, SYSTEM).sst_rate
        sum_up(draft, session.scalars(select(RentalInvoiceLine).where(L.invoice_id == draft.id)))
        return
    rate = draft.tax_rate if order.collected_minor else business.find(session, SYSTEM).sst_rate
    if (draft.subtotal_minor, draft.tax_rate) == (order.amount_minor, rate):
        return
    draft.tax_rate = rate
    session.flush()
    session.execute(delete(RentalInvoiceLine).where(L.invoice_id == draft.id))
    _write_lines(session, draft, order)


def _issue(
    session: Session, actor: Actor, invoice: RentalInvoice, order: RentalDeliveryOrder
) -> RentalInvoice:
    INVOICE_LIFECYCLE.check(InvoiceStatus(invoice.status), InvoiceStatus.ISSUED)
    _bring_up_to_date(session, invoice, order)
    customer = customers.find(session, SYSTEM, order.customer_id)
    _freeze(session, invoice, customer, order)
    invoice.due_on = rules.due_on(
        PaymentMethod(invoice.payment_method), customer.payment_terms_days, clock.today()
    )
    invoice.issued_at, invoice.issued_on = clock.now(), clock.today()
    invoice.invoice_number = take_number(session, SERIES, clock.today().year)
    event = InvoiceIssued(invoice.id, invoice.invoice_number, order.id, invoice.total_minor)
    move(session, actor, invoice, INVOICE_LIFECYCLE, InvoiceStatus.ISSUED, event=event)
    if not invoice.supplementary:
        move(session, actor, order, DELIVERY_ORDER_LIFECYCLE, DeliveryOrderStatus.INVOICED_LINKED)
    subtotal, tax = (
        Money(invoice.subtotal_minor, invoice.currency),
        Money(invoice.tax_minor, invoice.currency),
    )
    owed = postings.invoice_issued(customer.party_id, subtotal, tax)
    entries.post(
        session,
        SYSTEM,
        postings.INVOICE_ISSUED,
        (TABLE, invoice.id),
        clock.today(),
        owed,
        invoice.invoice_number,
    )
    if order.collected_minor and not invoice.supplementary:
        _apply_collected(session, invoice, order, customer)
    return invoice


def _freeze(
    session: Session, invoice: RentalInvoice, customer: CustomerOut, order: RentalDeliveryOrder
) -> None:
    profile = business.find(session, SYSTEM)
    shown = ("name", "roc_number", "sst_no", "address", "email", "phone", "bank_details")
    invoice.issuer = {name: getattr(profile, name) for name in shown}
    invoice.bill_to = {
        "name": customer.company_name,
        "contact_name": customer.contact_name,
        "address": customer.address,
        "phone": customer.phone or "",
        "email": customer.email or "",
        "gst_no": customer.gst_no,
        "sst_no": customer.sst_no,
        "po_number": order.po_number,
        "book_number": order.do_book_number or "",
        "terms_days": customer.payment_terms_days if invoice.payment_method == PaymentMethod.TERM else None,
    }


def _apply_collected(
    session: Session, invoice: RentalInvoice, order: RentalDeliveryOrder, customer: CustomerOut
) -> None:
    """Money that came before the invoice pays for it now."""
    early = select(RentalPayment).where(P.delivery_order_id == order.id, P.invoice_id.is_(None))
    for payment in session.scalars(early.order_by(P.received_at).with_for_update()):
        payment.invoice_id = invoice.id
        amount = Money(payment.amount_minor - payment.refunded_minor, payment.currency)
        if not amount:
            continue
        entries.post(
            session,
            SYSTEM,
            postings.PAYMENT_APPLIED,
            ("rental_payments", payment.id),
            clock.today(),
            postings.payment_applied(customer.party_id, amount),
            payment.receipt_number,
        )
        credit(session, invoice, order, amount)


def credit(session: Session, invoice: RentalInvoice, order: RentalDeliveryOrder, amount: Money) -> None:
    """Count money on an invoice: it becomes partially paid or paid, and closes with a finished order."""
    total, paid = Money(invoice.total_minor, invoice.currency), Money(invoice.paid_minor, invoice.currency)
    outcome = rules.settle(total, paid, amount)
    invoice.paid_minor = outcome.paid.minor
    if outcome.status != invoice.status:
        event = (
            InvoicePaid(invoice.id, invoice.invoice_number or "", order.id)
            if outcome.status is InvoiceStatus.PAID
            else None
        )
        move(session, SYSTEM, invoice, INVOICE_LIFECYCLE, outcome.status, event=event)
    if outcome.status is InvoiceStatus.PAID:
        invoice.paid_at = clock.now()
        settlements.close_if_finished(session, SYSTEM, order)
