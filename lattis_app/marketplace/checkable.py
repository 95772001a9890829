"""The marketplace's documents that carry a check link: sellers' weekly invoices."""

from __future__ import annotations

from lattis_app.core.checks import CheckedKind, Meaning, Standing, register_checked, rows_of
from lattis_app.core.db import columns
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.statuses import InvoiceStatus

I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table

INVOICES = CheckedKind(
    label="Weekly invoice",
    addressee="Seller",
    amount="Total to pay",
    rows=rows_of(
        MarketplaceInvoice,
        number=I.invoice_number,
        moment=I.created_at,
        amount=I.total_minor,
        currency=I.base_currency,
        status=I.status,
        issuer=I.issuer["name"].astext,
        addressee=I.bill_to["name"].astext,
    ),
    token=I.check_token,
    standings={
        InvoiceStatus.PENDING: Standing("Pending", Meaning.UNPAID, "info"),
        InvoiceStatus.OVERDUE: Standing("Overdue", Meaning.UNPAID, "warn"),
        InvoiceStatus.PAID: Standing("Paid", Meaning.PAID),
        InvoiceStatus.CANCELLED: Standing("Cancelled", Meaning.WITHDRAWN, "bad"),
    },
    written=lambda owed: amount(owed.minor, owed.currency),
    zone=ZONE,
)
register_checked(INVOICES)
