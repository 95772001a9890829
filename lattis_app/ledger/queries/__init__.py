"""The queries of ledger."""
