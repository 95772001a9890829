"""What waits for the office."""

from __future__ import annotations

from lattis_app.core.schemas import Out


class Waiting(Out):
    """Claims to confirm, sellers who are restricted, and overdue invoices with what they come to, in minor units."""

    claims: int
    restricted: int
    overdue: int
    overdue_mkd: int
    overdue_eur: int
