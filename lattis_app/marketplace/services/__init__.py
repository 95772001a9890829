"""The writes of marketplace."""
