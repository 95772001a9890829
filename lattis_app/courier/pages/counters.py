"""What waits beside the courier's places of the navigation."""

from __future__ import annotations

from lattis_app.courier.queries import counters
from lattis_app.identity.permissions import Permission
from lattis_app.ui.frame_facts import register_counter

register_counter(
    "courier.disputes_to_answer", counters.disputes_to_answer, Permission.COURIER_DISPUTES_RESOLVE
)
register_counter("courier.invoices_to_pay", counters.invoices_to_pay, Permission.COURIER_INVOICES_MANAGE)
