"""What courier tells people of; each chooses by which channels."""

from __future__ import annotations

from lattis_app.identity.permissions import Permission
from lattis_app.notifications.kinds import Kind, declare

P = Permission

declare(
    Kind("merchant_invoice.generated", "My parcels were settled", (P.COURIER_OWN_ACCOUNT_READ,)),
    Kind("merchant_invoice.paid", "A settlement was paid", (P.COURIER_OWN_ACCOUNT_READ,)),
    Kind("merchant_invoice.cancelled", "A settlement was cancelled", (P.COURIER_OWN_ACCOUNT_READ,)),
    Kind("parcel.cleared", "A paid parcel was corrected", (P.COURIER_OWN_ACCOUNT_READ,)),
    Kind("parcel.disputed", "A merchant disputes a parcel", (P.COURIER_DISPUTES_RESOLVE,)),
    Kind("parcel.dispute_resolved", "My dispute was answered", (P.COURIER_OWN_ACCOUNT_READ,)),
    Kind("settlement_run.finished", "A settlement run is done", (P.COURIER_INVOICES_MANAGE,)),
)
