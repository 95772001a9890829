"""What the frame shows of rental: the business's name, and beside the places of the navigation what waits there."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import business, counters
from lattis_app.ui.frame_facts import register_counter, sources


def name_of_business(session: Any, actor: Actor) -> str:
    """Whose office this is, for those who work there."""
    return business.find(session, actor).name if actor.may(Permission.RENTAL_BUSINESS_READ) else "Lattis"


sources.business = name_of_business

register_counter("rental.pending_bookings", counters.pending_bookings, Permission.RENTAL_BOOKINGS_MANAGE)
register_counter("rental.unassigned", counters.unassigned_jobs, Permission.RENTAL_BOOKINGS_ASSIGN)
register_counter("rental.orders_to_invoice", counters.orders_to_invoice, Permission.RENTAL_INVOICES_MANAGE)
register_counter("rental.overdue_invoices", counters.overdue_invoices, Permission.RENTAL_INVOICES_READ)
register_counter(
    "rental.commissions_to_approve", counters.commissions_to_approve, Permission.RENTAL_COMMISSIONS_MANAGE
)
register_counter("rental.counts_to_sign", counters.counts_to_sign, Permission.RENTAL_CASH_MANAGE)
register_counter("rental.refunds_to_decide", counters.refunds_to_decide, Permission.RENTAL_REFUNDS_MANAGE)
register_counter("rental.expiring_documents", counters.expiring_papers, Permission.RENTAL_LORRIES_READ)
register_counter("rental.unbilled_charges", counters.unbilled_charges, Permission.RENTAL_INVOICES_READ)
