"""Where people find marketplace's records."""

from __future__ import annotations

from uuid import UUID


def invoice_link(invoice_id: UUID | str) -> str:
    """Where a seller finds an invoice."""
    return f"/seller/invoices/{invoice_id}"
