"""The schemas of operations."""
