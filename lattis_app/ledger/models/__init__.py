"""Tables of the ledger."""

from lattis_app.ledger.models.entries import LedgerEntry, LedgerTransaction

__all__ = ["LedgerEntry", "LedgerTransaction"]
