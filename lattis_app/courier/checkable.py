"""Courier's documents that carry a check link: merchant invoices."""

from __future__ import annotations

from lattis_app.core.checks import CheckedKind, Meaning, Standing, register_checked, rows_of
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierMerchantInvoice
from lattis_app.courier.statuses import MerchantInvoiceStatus

I = columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table

INVOICES = CheckedKind(
    label="Merchant invoice",
    addressee="Merchant",
    amount="Payable to merchant",
    amount_below_zero="Merchant owes",
    rows=rows_of(
        CourierMerchantInvoice,
        number=I.invoice_no,
        moment=I.created_at,
        amount=I.payable_amount_minor,
        currency=I.currency,
        status=I.invoice_status,
        issuer=I.issuer["name"].astext,
        addressee=I.bill_to["name"].astext,
    ),
    token=I.check_token,
    standings={
        MerchantInvoiceStatus.GENERATED: Standing("Generated", Meaning.UNPAID, "info"),
        MerchantInvoiceStatus.PAID: Standing("Paid", Meaning.PAID),
        MerchantInvoiceStatus.CANCELLED: Standing("Cancelled", Meaning.WITHDRAWN, "bad"),
    },
)
register_checked(INVOICES)
