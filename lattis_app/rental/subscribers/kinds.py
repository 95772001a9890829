"""What rental tells people of; each chooses by which channels."""

from __future__ import annotations

from lattis_app.identity.permissions import Permission
from lattis_app.notifications.kinds import Kind, declare

P = Permission

declare(
    Kind("do.assigned", "A new job for me", (P.RENTAL_OWN_DAY_READ,)),
    Kind("do.unassigned", "A job is no longer mine", (P.RENTAL_OWN_DAY_READ,)),
    Kind(
        "reminder.due",
        "A bin is due for collection",
        (P.RENTAL_OWN_DAY_READ, P.RENTAL_DELIVERY_ORDERS_MANAGE),
    ),
    Kind("lorry.alert", "A lorry's paper runs out", (P.RENTAL_LORRIES_MANAGE,)),
    Kind("do.digest", "Every morning: orders without an invoice", (P.RENTAL_INVOICES_MANAGE,)),
    Kind("do.failed", "A driver could not do a job", (P.RENTAL_DELIVERY_ORDERS_MANAGE,)),
    Kind("payment.received", "A driver took money", (P.RENTAL_PAYMENTS_RECORD,)),
    Kind("invoice.paid", "An invoice is paid", (P.RENTAL_INVOICES_MANAGE,)),
    Kind("cash.counted", "The office counted my cash", (P.RENTAL_OWN_DAY_READ,)),
    Kind("refund.requested", "A refund waits for a decision", (P.RENTAL_REFUNDS_MANAGE,)),
    Kind("refund.approved", "A refund waits to be paid out", (P.RENTAL_REFUNDS_MANAGE,)),
    Kind(
        "refund.processed", "Money went back to a customer", (P.RENTAL_REFUNDS_MANAGE, P.RENTAL_OWN_DAY_READ)
    ),
    Kind("commission.eligible", "A commission waits for approval", (P.RENTAL_COMMISSIONS_MANAGE,)),
)
