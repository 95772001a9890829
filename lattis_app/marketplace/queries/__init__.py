"""The reads of marketplace."""
