"""Numbers of things in words, and what waits beside the places of the navigation."""

from __future__ import annotations

from lattis_app.core.language import say


def parcels(count: int) -> str:
    """How many parcels, in words."""
    return say("1 parcel") if count == 1 else say("{count} parcels", count=f"{count:,}")


def invoices(count: int) -> str:
    """How many invoices, in words."""
    return say("1 invoice") if count == 1 else say("{count} invoices", count=f"{count:,}")
