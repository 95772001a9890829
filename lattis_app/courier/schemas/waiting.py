"""What waits for the office."""

from __future__ import annotations

from lattis_app.core.schemas import Out


class Waiting(Out):
    """Open disputes, unpaid invoices and what they come to, in minor units."""

    disputes: int
    unpaid: int
    payable: int
    currency: str
