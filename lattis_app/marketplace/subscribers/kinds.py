"""What marketplace tells people of; each chooses by which channels."""

from __future__ import annotations

from lattis_app.identity.permissions import Permission
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.kinds import Kind, declare

SELLERS = (Permission.MARKETPLACE_OWN_INVOICES_READ,)
BOTH = (Channel.IN_APP, Channel.EMAIL)

declare(
    Kind("seller_invoice.generated", "A new weekly invoice", SELLERS, BOTH),
    Kind("seller_invoice.due_soon", "A weekly invoice is due soon", SELLERS, BOTH),
    Kind("seller_invoice.overdue", "A weekly invoice is overdue", SELLERS, BOTH),
    Kind("seller.restricted", "My shop is restricted", SELLERS, BOTH),
    Kind("seller.unrestricted", "My shop is no longer restricted", SELLERS, BOTH),
    Kind("seller_invoice.claim_rejected", "My payment was not found", SELLERS, BOTH),
    Kind(
        "seller_invoice.payment_claimed",
        "A seller says an invoice is paid",
        (Permission.MARKETPLACE_INVOICES_MANAGE,),
    ),
)
