"""The services of operations."""
