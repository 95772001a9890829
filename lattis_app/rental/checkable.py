"""Rental's documents that carry a check link: delivery orders, invoices and receipts."""

from __future__ import annotations

from sqlalchemy import func, join, literal, select

from lattis_app.core.checks import CheckedKind, Meaning, Standing, register_checked, rows_of
from lattis_app.core.db import columns
from lattis_app.rental.models import (
    RentalBusiness,
    RentalDeliveryOrder,
    RentalInvoice,
    RentalPayment,
    RentalReceipt,
)
from lattis_app.rental.statuses import DeliveryOrderStatus, InvoiceStatus

U, D, I = columns(RentalBusiness), columns(RentalDeliveryOrder), columns(RentalInvoice)  # noqa: E741 — one letter per table
R, Y = columns(RentalReceipt), columns(RentalPayment)
RECEIVED = "received"
BUSINESS = func.coalesce(select(U.name).limit(1).scalar_subquery(), "")
ISSUED, DRAFT = Standing("Issued", Meaning.VALID, "info"), Standing("Draft", Meaning.DRAFT, "warn")

RECEIPTS = CheckedKind(
    label="Official receipt",
    addressee="Customer",
    amount="Amount",
    rows=rows_of(
        join(RentalReceipt, RentalPayment, R.payment_id == Y.id),
        number=R.receipt_number,
        moment=R.issued_at,
        amount=Y.amount_minor,
        currency=Y.currency,
        status=literal(RECEIVED),
        issuer=R.content["business"]["name"].astext,
        addressee=R.content["customer"]["name"].astext,
    ),
    token=R.check_token,
    standings={RECEIVED: Standing("Payment received", Meaning.RECEIVED)},
)
INVOICES = CheckedKind(
    label="Invoice",
    addressee="Customer",
    amount="Amount",
    rows=rows_of(
        RentalInvoice,
        number=I.invoice_number,
        moment=func.coalesce(I.issued_at, I.created_at),
        amount=I.total_minor,
        currency=I.currency,
        status=I.status,
        issuer=func.coalesce(I.issuer["name"].astext, BUSINESS),
        addressee=func.coalesce(I.bill_to["name"].astext, ""),
    ),
    token=I.check_token,
    standings={
        InvoiceStatus.DRAFT: DRAFT,
        InvoiceStatus.ISSUED: ISSUED,
        InvoiceStatus.PARTIALLY_PAID: Standing("Partially paid", Meaning.PARTLY_PAID, "info"),
        InvoiceStatus.PAID: Standing("Paid", Meaning.PAID),
        InvoiceStatus.CLOSED: Standing("Closed", Meaning.SETTLED),
        InvoiceStatus.VOIDED: Standing("Void", Meaning.WITHDRAWN, "bad"),
    },
)
ORDERS = CheckedKind(
    label="Delivery order",
    addressee="Customer",
    amount="Amount",
    rows=rows_of(
        RentalDeliveryOrder,
        number=D.system_do_number,
        moment=func.coalesce(D.issued_at, D.created_at),
        amount=D.amount_minor,
        currency=D.currency,
        status=D.status,
        issuer=BUSINESS,
        addressee=D.company_name,
    ),
    token=D.check_token,
    standings={
        DeliveryOrderStatus.DRAFT: DRAFT,
        DeliveryOrderStatus.ISSUED: ISSUED,
        DeliveryOrderStatus.PENDING_INVOICE: ISSUED,
        DeliveryOrderStatus.INVOICED_LINKED: Standing("Invoiced", Meaning.VALID),
        DeliveryOrderStatus.CLOSED: Standing("Closed", Meaning.SETTLED),
        DeliveryOrderStatus.CANCELLED: Standing("Cancelled", Meaning.WITHDRAWN, "bad"),
    },
)
register_checked(RECEIPTS, INVOICES, ORDERS)
