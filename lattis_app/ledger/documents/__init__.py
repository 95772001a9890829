"""The documents of ledger."""
