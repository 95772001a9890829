"""The rules of the rental domain."""
