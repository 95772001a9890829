"""The schemas of ledger."""
