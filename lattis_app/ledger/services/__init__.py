"""The services of ledger."""
