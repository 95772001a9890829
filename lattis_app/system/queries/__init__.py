"""The queries of operations."""
